from py import error as error, path as path
