"""What `manage.py bench` measures: always one thing beside another in the same minute, never a figure by itself."""
