"""What does the machine provide?"""
