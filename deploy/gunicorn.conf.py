"""How gunicorn serves the portal, locally and in the image."""

import gc
import os
import shutil
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "deploy.worker.Worker"
workers = 2
threads = 16
# Imported once and shared by the workers. Nothing is opened before the first request.
preload_app = True
# Much longer than the longest call to a service: a worker that is silent for so long is stuck.
timeout = 30
# Requests in hand are finished, within what the supervisor waits.
graceful_timeout = 5
keepalive = 30
# The workers' sign of life is a file: on a disk a slow fsync would look like a dead worker.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "services.contracts.messaging.structured_log.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"level": os.environ.get("LOG_LEVEL", "INFO"), "handlers": ["console"]},
    # The portal writes its own line per request.
    "loggers": {"gunicorn.access": {"level": "WARNING"}, "gunicorn.error": {"level": "WARNING"}},
}

# The workers count into files here, so that whichever is asked tells the sum of all.
metrics_folder = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "/dev/shm/portal-metrics"))
shutil.rmtree(metrics_folder, ignore_errors=True)
metrics_folder.mkdir(parents=True, exist_ok=True)


def when_ready(_server):
    """Before the workers are forked: what is imported stays, so no collection need look through it, or unshare it.

    A page makes thousands of objects that its end frees by itself: looking for cycles among them as often as the
    language does took a quarter of the time of the largest board.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def child_exit(_server, worker):
    mark_process_dead(worker.pid)
