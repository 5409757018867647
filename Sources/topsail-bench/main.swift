print("topsail")
