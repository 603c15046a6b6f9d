"""The Django project of the front desk."""
