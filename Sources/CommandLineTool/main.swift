print("rkvoice")
