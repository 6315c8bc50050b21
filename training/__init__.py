"""How the encoder was made: data readers, network, training, export and evaluation (needs `communique[train]`)."""
