"""Every e-mail (and later text message) as a row before it is sent, and the one who sends them."""
