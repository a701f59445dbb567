"""The product's settings, and beside its apps the one that makes workers hasty."""

from config.settings import *  # noqa: F403  (a settings file is a list of names)
from config.settings import INSTALLED_APPS

INSTALLED_APPS += ["config.bench.haste.Haste"]
