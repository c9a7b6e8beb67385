"""What does production serve?

situation  how the deployment under verification stands in its project
standing   what production serves at one moment, and what changed a moment later
"""
