"""How well the tests hold the modules that decide: each is changed a little, again and again, and a test must notice.

groups.toml        the modules that decide, and the tests that hold each
equivalent.toml    changes that no test can notice, with the reason
quick              the tests, for many runs
running            mutmut over a copy of the project
results            the results, and the page about them
without_texts      mutmut, leaving the texts alone: they are for people, and decide nothing
"""
