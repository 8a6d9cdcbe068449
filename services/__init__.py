"""The product: four services and the portal, with what they say to each other in `contracts`."""

import warnings

# nameko stands on eventlet; that eventlet advises against new projects is no news at each start.
warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
