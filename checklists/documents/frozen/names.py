"""What the files attached to a report are called."""

RECORD_FILE = "assessment.json"
EDITION_FILE = "checklist.json"
FRAMEWORK_FILE = "framework-{key}.json"
