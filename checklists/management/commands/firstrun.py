"""``manage.py firstrun``: bring an instance to the point where somebody can use it. Safe to run again."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from checklists.models import User
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS
from checklists.services.assessments.load_example import load_example
from checklists.services.people.found_organisation import found_organisation
from checklists.services.profiles.library import load_shipped_profiles


class Command(BaseCommand):
    help = "Migrate, load the packs, and at the first start make a login and the worked example."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default="admin@example.org", help="the address of the first login")
        parser.add_argument("--no-example", action="store_true", help="without the worked example: for production")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("loadpack", stdout=self.stdout)
        for key in SHIPPED_FRAMEWORKS:
            call_command("loadpack", key, stdout=self.stdout)
        self._load_profiles()
        if User.objects.exists():
            self.stdout.write("Logins exist already; the first password was printed once, at the first start.")
            return
        email, password = options["email"], secrets.token_urlsafe(15)
        user = User.objects.create_superuser(email, password)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        organisation = found_organisation(user)
        self.stdout.write("The first login, printed this once:")
        self.stdout.write(f"  address   {settings.SITE_URL}/account/login/")
        self.stdout.write(f"  e-mail    {email}")
        self.stdout.write(f"  password  {password}")
        if not options["no_example"]:
            offer = load_example(organisation, user, settings.LANGUAGE_CODE)
            self.stdout.write(f"The worked example: {settings.SITE_URL}/offers/{offer.pk}/result/")

    def _load_profiles(self) -> None:
        """A new profile is loaded; one that stands otherwise is never changed without somebody reading it."""
        loaded, differing = load_shipped_profiles()
        self.stdout.write(f"Profiles of services: {loaded} loaded.")
        for key in differing:
            self.stdout.write(f"The profile {key} kept here differs from the shipped one: manage.py loadpack {key}")
