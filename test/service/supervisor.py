"""Plays the service manager: opens sockets, starts a service with them, and tells what it says. Reads and writes lines of
JSON: the first line read is the request; then "start" starts the service (again). It ends with its standard input."""
import array, json, os, select, signal, socket, sys

request = json.loads(sys.stdin.readline())


def tell(**what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def listening(spec):
    kind, address, port = spec["kind"], spec["address"], spec["port"]
    if kind == "udp":
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((address, port))
        return s
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if kind == "dual" else 1)
    s.bind((address, port))
    s.listen(16)
    return s


sockets = [(listening(spec), spec["name"]) for spec in request.get("listen", [])]
notify = request.get("notify")
receiver = None
if notify:
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    at = "\0" + notify[1:] if notify[0] == "@" else notify
    receiver.bind(at)
    if request.get("openFile"):  # what OpenFile= does with a socket
        client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        client.connect(at)
        if request["openFile"] == "broken":
            client.shutdown(socket.SHUT_WR)
        sockets.append((client, "notify"))


def start():
    pid = os.fork()
    if pid:
        tell(started=pid)
        return pid
    env = dict(os.environ, **request["env"])
    if sockets:
        high = [os.dup2(s.fileno(), 200 + n) for n, (s, _) in enumerate(sockets)]
        for n, fd in enumerate(high):
            os.dup2(fd, 3 + n, True)
        env.update(LISTEN_FDS=str(len(sockets)), LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=":".join(name for _, name in sockets))
        os.closerange(3 + len(sockets), 300)
    else:
        os.closerange(3, 300)
    if notify:
        env["NOTIFY_SOCKET"] = notify
    if request.get("watchdogUsec"):
        env.update(WATCHDOG_USEC=str(request["watchdogUsec"]), WATCHDOG_PID=str(os.getpid()))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    err = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(err, 1)
    os.dup2(err, 2)
    os.execve(request["command"][0], request["command"], env)


child = 0
wake_r, wake_w = os.pipe()
os.set_blocking(wake_w, False)
signal.set_wakeup_fd(wake_w, warn_on_full_buffer=False)
signal.signal(signal.SIGCHLD, lambda *_: None)
tell(ready=True)
watched = [0, wake_r] + ([receiver] if receiver else [])
while True:
    ready, _, _ = select.select(watched, [], [])
    if receiver in ready:
        data, ancillary, _, _ = receiver.recvmsg(65536, 4096)
        sender = None
        for level, kind, content in ancillary:
            if kind == socket.SCM_RIGHTS:  # a barrier: closing it says that all before it was read
                fds = array.array("i")
                fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
                for fd in fds:
                    os.close(fd)
            elif kind == 2:  # SCM_CREDENTIALS
                sender = array.array("i", content[:4])[0]
        text = data.decode()
        if text != "BARRIER=1":
            tell(said=text.split("\n"), by=sender)
    if wake_r in ready:
        os.read(wake_r, 100)
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid:
                child = 0
                tell(ended=os.waitstatus_to_exitcode(status))
        except ChildProcessError:
            pass
    if 0 in ready:
        line = sys.stdin.readline()
        if not line:
            if child:
                os.kill(child, signal.SIGKILL)
            sys.exit(0)
        if line.strip() == "start":
            child = start()
