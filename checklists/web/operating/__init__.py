"""What machines ask an instance: does it live, is it ready, its figures; and how it logs."""
