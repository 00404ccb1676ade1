"""How a peer ends that cannot do its work; each message is one sentence for the reader."""


class Unavailable(Exception):
    """This PyTorch or this device lacks what a peer needs."""


class BadInput(Exception):
    """An argument that is not accepted."""


class OutOfTime(BaseException):
    """The program's time is over. Not an Exception, so that no library takes it for an error of its own on the way up."""
