"""A live page's web server: addresses, files, downloads, the invitation."""
