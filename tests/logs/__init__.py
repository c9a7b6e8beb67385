"""The log part: what rows mean, how requests are counted, what they say about the deployment."""
