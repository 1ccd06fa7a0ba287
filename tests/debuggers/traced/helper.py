import threading


def sign(number):
    if number > 0:
        return 1
    elif number < 0:
        return -1
    return 0


def summed(count):
    total = 0
    for index in range(count):
        if index % 2:
            continue
        total += index
    else:
        total += 100
    while total > 1000:
        total -= 1
    return total


def never():
    return 1


def numbers(count):
    for index in range(count):
        got = yield index
        if got:
            return


async def counted(count):
    if count:
        return await counted(count - 1)
    return 0


def guarded(function):
    try:
        return function()
    except ValueError:
        return "value"
    except KeyError as error:
        raise RuntimeError("guarded") from error
    finally:
        done = True
        del done


def in_thread(number):
    got = []

    def work():
        if number:
            got.append(number)
        else:
            got.append(None)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return got


def picked(value):
    match value:
        case 1:
            return "one"
        case [left, right]:
            return left + right
        case _:
            return None


class Thing:
    kind = "thing"

    def read(self):
        with open("/dev/null") as file:
            return file.read()
