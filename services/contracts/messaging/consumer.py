"""nameko's queue consumer, except that it neither declares nor decodes.

Declaring needs a right that no service has (topology.py), and what nameko cannot decode it
acknowledges and loses; here each entrypoint reads the raw body and decides.
"""

from functools import partial

from nameko.messaging import QueueConsumer


class Listener(QueueConsumer):
    """One connection per process; each provider has a ``queue`` and a ``prefetch_count``."""

    def get_consumers(self, consumer_cls, channel):
        for provider in self._providers:
            consumer = consumer_cls(
                queues=[provider.queue],
                on_message=partial(self.handle_message, provider, None),
                auto_declare=False,
            )
            consumer.qos(prefetch_count=provider.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def reject_message(self, message):
        """To the dead letters."""
        if message.channel.connection:
            message.reject(requeue=False)
