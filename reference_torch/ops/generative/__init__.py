"""Generative models: what a variational autoencoder and the two players of a GAN need beyond layers."""
