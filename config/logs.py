"""Logs as one JSON object a line. Ids only: no name, address, answer, key or token is ever bound or logged."""

import re
from typing import Any

import structlog

# Django's own lines name paths, and the path of a mailed link is a key.
TOKEN = re.compile(r"(/(?:c|r|s|o|p|stop|sign-in)/)[^/\s]+")


def hide_tokens(logger: Any, method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    line["event"] = TOKEN.sub(r"\1...", str(line["event"]))
    return line


def configuration(*, json: bool, level: str) -> dict[str, Any]:
    """The LOGGING dict: everything, ours and the libraries', through one structlog formatter."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_tokens,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # Told how to write a traceback: left to itself it shows every variable, as soon as `rich` is installed.
    for_people = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if json else for_people
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ]
                if json
                else [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        # Django's own handlers would repeat each line, and mail tracebacks to people.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django-q": {"handlers": [], "level": "WARNING", "propagate": False},
            "axes": {"level": "ERROR"},
        },
    }
