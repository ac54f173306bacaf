// kinds
