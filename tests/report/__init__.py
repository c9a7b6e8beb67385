"""How a verdict is reported: terminal, markdown, GitHub, incident note, Allure."""
