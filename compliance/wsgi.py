"""The WSGI entry point: ``gunicorn compliance.wsgi``."""

import logging
import os

from django.core.checks import Tags, run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "compliance.settings")
application = get_wsgi_application()
# Only the server's own command line knows how many processes serve: `manage.py check` may not.
for _told in run_checks(tags=[Tags.security]):
    logging.getLogger(__name__).warning("%s %s", _told.msg, _told.hint or "")
