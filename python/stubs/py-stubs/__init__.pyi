from py import error as error
from py import path as path
