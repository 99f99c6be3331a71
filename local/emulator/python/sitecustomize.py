"""Python loads this before moto: it takes away what costs moto most of its time, and changes no answer that the local cloud needs."""

import functools
import logging
import time

try:
    import jsonpath_ng.ext
    import moto.core.responses
    import moto.sqs.models

    # moto builds a parser anew for each path of each delivery of an event
    jsonpath_ng.ext.parse = functools.lru_cache(jsonpath_ng.ext.parse)
    # and the list of a service's methods for each request
    moto.core.responses.method_names_from_class = functools.lru_cache(moto.core.responses.method_names_from_class)
    # it counts all messages of a queue for each that it takes or hands out, and reads the time for each that it counts,
    # by way of four dates; the second count is for leaving out what is days old
    moto.sqs.models.unix_time_millis = lambda: time.time() * 1000
    moto.sqs.models.SQSBackend.is_message_valid_based_on_retention_period = lambda *_: True
except (ImportError, AttributeError):
    # not moto's own Python, or another version of it
    pass

# a line for every request; what goes wrong is still logged
logging.getLogger("werkzeug").setLevel(logging.WARNING)
