"""Checks only, one subject a file. Each states one fact about the deployment; its docstring is the sentence that Allure shows."""
