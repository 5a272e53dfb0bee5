"""What a test of the core may ask for, without Django. Run alone, these tests obey the ``pytest.ini`` beside."""

from tests.flagship import flagship
from tests.profiles import PROFILES

__all__ = ["PROFILES", "flagship"]
