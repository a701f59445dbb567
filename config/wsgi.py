"""The web application: `gunicorn config.wsgi:application`."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# A WSGI server does not run Django's checks by itself; a wrong setting must stop it as it stops manage.py.
call_command("check")
