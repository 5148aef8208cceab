#!/usr/bin/env python3
"""Runs a container for the lab's --exec as a kubelet would: with a network, a root and a user of its own.

The lab starts containers of certain images as plain processes, which share ports and files with all
others. This gives them what a chart counts on:

* the pod's address on an interface of its own, so that servers listen on all addresses, and two pods
  on the same port; containers of a pod share it. The way out is the lab's network: pods, cluster IPs
  and cluster DNS (see ClusterNetwork), and the API server at the address of an in-cluster client;
* a root directory with the host's programs, the image's files, and the volumes at their mount paths;
  Secrets and ConfigMaps are renewed there as a kubelet does it, by a switched link;
* the init containers, which run first; the hook preStop, exec or httpGet; hostPorts; the user, the
  capabilities and the read-only root of the security context.

Everything belongs to kernel namespaces that end with their last process, however it ends.

  pod.py [--bind SOURCE:TARGET]... [--entrypoint IMAGE=COMMAND]... -- COMMAND...
"""

import argparse
import base64
import contextlib
import ctypes
import fcntl
import fnmatch
import http.client
import json
import os
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

API_ADDRESS = "10.96.0.1"
DNS_ADDRESS = "10.96.0.10"
# The pods' router, on the far end of every pod's link.
GATEWAY = "169.254.1.1"
SECRETS_PERIOD_S = 1


def main():
    # The directory is $LAB_ROOT, absolute: <lab>/pods/<uid of the pod>/<container>.
    root = os.getcwd()
    options = arguments()
    pod_dir = os.path.dirname(root)
    api = Api(os.path.join(pod_dir, "..", ".."))
    pod = Pod(api, pod_dir, options)
    container = pod.container(os.path.basename(root))
    # Held, also by all children, as long as the container runs.
    alive = open(os.path.join(pod_dir, "alive"), "w")
    fcntl.flock(alive, fcntl.LOCK_SH)
    network = Network(pod)
    network.join()

    for init in pod.init_containers():
        # A restarted container finds the work of its pod's init containers.
        once = os.path.join(pod_dir, f"done.{init['name']}")
        with open(os.path.join(pod_dir, "init"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not os.path.exists(once):
                process = Container(pod, init, network).start(pod.command(init))
                if process.wait() != 0:
                    sys.exit(f"init container {init['name']} ended with status {process.returncode}")
                open(once, "w").close()

    running = Container(pod, container, network)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    process = running.start(pod.command(container, options.command))
    threading.Thread(target=running.stop_on, args=(stopping,), daemon=True).start()
    threading.Thread(target=running.renew_files, daemon=True).start()
    network.open_host_ports(container)
    status = process.wait()
    sys.exit(128 - status if status < 0 else status)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", action="append", default=[])
    parser.add_argument("--entrypoint", action="append", default=[])
    parser.add_argument("command", nargs="*")
    return parser.parse_args()


class Api:
    """The API server, as administrator."""

    def __init__(self, lab):
        pki = os.path.join(lab, "pki")
        self.port = os.environ["KUBERNETES_SERVICE_PORT"]
        self.url = f"https://127.0.0.1:{self.port}"
        self.tls = ssl.create_default_context(cafile=os.path.join(pki, "ca.crt"))
        self.tls.load_cert_chain(os.path.join(pki, "admin.crt"), os.path.join(pki, "admin.key"))

    def get(self, path):
        with urllib.request.urlopen(self.url + path, context=self.tls, timeout=10) as answer:
            return json.load(answer)

    def get_patiently(self, path):
        """For what the start depends on: the API server may be down right now."""
        for _ in range(300):
            try:
                return self.get(path)
            except OSError:
                time.sleep(0.1)
        return self.get(path)


class Pod:
    """The pod as the API server has it."""

    def __init__(self, api, directory, options):
        self.api, self.directory, self.options = api, directory, options
        self.uid = os.path.basename(directory)
        kept = os.path.join(directory, "pod.json")
        if os.path.exists(kept):
            with open(kept) as file:
                self.object = json.load(file)
        else:
            pods = api.get_patiently("/api/v1/pods")["items"]
            self.object = next(p for p in pods if p["metadata"]["uid"] == self.uid)
            with open(f"{kept}.{os.getpid()}", "w") as file:
                json.dump(self.object, file)
            os.rename(file.name, kept)
        self.spec = self.object["spec"]
        self.name = self.object["metadata"]["name"]
        self.namespace = self.object["metadata"]["namespace"]
        self.ip = os.environ["LAB_POD_IP"]

    def container(self, name):
        return next(c for c in self.spec["containers"] if c["name"] == name)

    def init_containers(self):
        return self.spec.get("initContainers", [])

    def command(self, container, expanded=None):
        """The command line; "expanded" is that of the lab, with all variables replaced."""
        words = expanded
        if words is None:
            words = container.get("command", []) + container.get("args", [])
            for name, value in self.environment(container).items():
                words = [word.replace(f"$({name})", value) for word in words]
        if container.get("command"):
            return words
        for rule in self.options.entrypoint:
            image, program = rule.split("=", 1)
            if fnmatch.fnmatch(container["image"], image):
                return shlex.split(program) + words
        sys.exit(f"{container['image']}: no --entrypoint says what it runs")

    def environment(self, container):
        """The container's own variables and nothing of this machine's."""
        fields = {
            "metadata.name": self.name,
            "metadata.namespace": self.namespace,
            "metadata.uid": self.uid,
            "spec.nodeName": self.spec.get("nodeName", ""),
            "spec.serviceAccountName": self.spec.get("serviceAccountName", ""),
            "status.podIP": self.ip,
            "status.podIPs": self.ip,
        }
        values = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOSTNAME": self.name,
            "HOME": "/",
            "KUBERNETES_SERVICE_HOST": API_ADDRESS,
            "KUBERNETES_SERVICE_PORT": self.api.port,
        }
        main = container["name"] == os.path.basename(os.getcwd())
        for variable in container.get("env", []):
            name = variable["name"]
            field = variable.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
            if main and name in os.environ:
                values[name] = os.environ[name]  # the lab has resolved it
            elif field in fields:
                values[name] = fields[field]
            elif "value" in variable:
                values[name] = variable["value"]
        return values

    def security(self, container, key, default=None):
        of_container = container.get("securityContext", {})
        return of_container.get(key, self.spec.get("securityContext", {}).get(key, default))

    def volume(self, name):
        return next(v for v in self.spec["volumes"] if v["name"] == name)


class Network:
    """The pod's network namespace, which a process holds that ends after the pod's last container."""

    def __init__(self, pod):
        self.pod = pod
        octets = pod.ip.split(".")
        self.link = f"pod-{octets[2]}-{octets[3]}"
        self.path = "/proc/self/ns/net"

    def join(self):
        if self.pod.spec.get("hostNetwork"):
            return
        directory = self.pod.directory
        kept = os.path.join(directory, "network")
        with open(os.path.join(directory, "setup"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if os.path.exists(kept):
                with open(kept) as file:
                    self.path = file.read()
                if os.path.exists(self.path) and self.namespace(self.path) != self.namespace():
                    return
            self.make()
            with open(kept, "w") as file:
                file.write(self.path)

    @staticmethod
    def namespace(path="/proc/self/ns/net"):
        with contextlib.suppress(OSError):
            return os.readlink(path)

    def make(self):
        holder = subprocess.Popen(
            ["unshare", "--net", "flock", "--exclusive", os.path.join(self.pod.directory, "alive"),
             "ip", "link", "delete", "eth0"],
            start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.path = f"/proc/{holder.pid}/ns/net"
        while self.namespace(self.path) in (None, self.namespace()):
            if holder.poll() is not None:
                sys.exit("no network namespace can be made here")
            time.sleep(0.01)
        subprocess.run(["ip", "link", "delete", self.link], stderr=subprocess.DEVNULL, check=False)
        # More specific than the route by which the lab has all addresses of pods itself.
        run(f"""
            ip link add {self.link} type veth peer name eth0 netns {holder.pid}
            ip address add {GATEWAY}/32 dev {self.link}
            ip link set {self.link} up
            ip route replace unicast {self.pod.ip}/32 dev {self.link} src 198.18.0.1 table local
            echo 1 >/proc/sys/net/ipv4/ip_forward""")
        run(f"""
            ip link set lo up
            ip address add {self.pod.ip}/32 dev eth0
            ip link set eth0 up
            ip route add {GATEWAY} dev eth0
            ip route add default via {GATEWAY}""",
            ["nsenter", f"--net={self.path}"])
        for sysctl in self.pod.spec.get("securityContext", {}).get("sysctls", []):
            file = "/proc/sys/" + sysctl["name"].replace(".", "/")
            run(f"echo {quote(sysctl['value'])} >{file}", ["nsenter", f"--net={self.path}"])

    def open_host_ports(self, container):
        for port in container.get("ports", []):
            if "hostPort" in port and port.get("protocol", "TCP") == "TCP":
                address = (self.pod.object["status"].get("hostIP", "198.18.0.1"), port["hostPort"])
                server = socket.create_server(address)
                target = (self.pod.ip, port["containerPort"])
                threading.Thread(target=forward, args=(server, target), daemon=True).start()


class Container:
    """A container's processes, with its files."""

    def __init__(self, pod, spec, network):
        self.pod, self.spec, self.network = pod, spec, network
        self.directory = os.path.join(pod.directory, f"{spec['name']}.files")
        self.user = pod.security(spec, "runAsUser", 0)
        self.group = pod.security(spec, "runAsGroup", self.user)
        self.renewed = []  # (directory, API path, items) of Secrets and ConfigMaps
        self.process = None

    def start(self, command):
        root = os.path.join(self.directory, "root")
        os.makedirs(root, exist_ok=True)
        self.write_etc()
        script = os.path.join(self.directory, "mounts")
        with open(script, "w") as file:
            file.write("\n".join([*self.mounts(root), 'exec "$@"']))
        # Opened again as /dev/stdout, they have to be the user's, as runc has it.
        for stream in (1, 2):
            os.fchown(stream, self.user, self.group)
        libc = ctypes.CDLL(None)
        self.process = subprocess.Popen(
            ["nsenter", f"--net={self.network.path}", "unshare", "--mount", "--uts", "--pid",
             "--fork", "--kill-child", "sh", "-e", script,
             "chroot", root, *self.as_user(), "env", "-i", *self.variables(), *command],
            start_new_session=True, stdin=subprocess.DEVNULL,
            # The signal for the death of the parent, in case this script is killed.
            preexec_fn=lambda: libc.prctl(1, signal.SIGKILL))
        self.note_first_process()
        return self.process

    def variables(self):
        return [f"{name}={value}" for name, value in self.pod.environment(self.spec).items()]

    def as_user(self):
        capabilities = self.pod.security(self.spec, "capabilities", {})
        added = ",".join("+" + c.lower() for c in capabilities.get("add", []))
        limits = ["--bounding-set", "-all" + ("," + added if added else "")]
        return ["setpriv", f"--reuid={self.user}", f"--regid={self.group}", "--clear-groups",
                "--no-new-privs", "--inh-caps=-all", *limits, "--pdeathsig", "KILL"]

    def write_etc(self):
        etc = os.path.join(self.directory, "etc")
        shutil.rmtree(etc, ignore_errors=True)
        os.makedirs(etc)
        search = f"{self.pod.namespace}.svc.cluster.local svc.cluster.local cluster.local"
        for name, text in {
            "hosts": f"127.0.0.1 localhost\n{self.pod.ip} {self.pod.name}\n",
            "resolv.conf": f"search {search}\nnameserver {DNS_ADDRESS}\noptions ndots:5\n",
            "nsswitch.conf": "hosts: files dns\n",
            "passwd": f"root:x:0:0::/:/bin/sh\nuser:x:{self.user or 65532}:{self.group}::/:/bin/sh\n",
            "group": f"root:x:0:\nuser:x:{self.group or 65532}:\n",
        }.items():
            with open(os.path.join(etc, name), "w") as file:
                file.write(text)
        for name in ("ld.so.cache", "localtime"):
            if os.path.exists(f"/etc/{name}"):
                shutil.copy(f"/etc/{name}", etc)

    def mounts(self, root):
        """Commands that make the root, for a shell in a mount namespace of its own."""
        yield "mount --make-rprivate /"
        yield f"echo {self.pod.name} >/proc/sys/kernel/hostname"
        yield f"mount -t tmpfs -o mode=755 root {quote(root)}"
        for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
            if os.path.islink(f"/{name}"):
                yield f"cp -P /{name} {quote(root)}"
            elif os.path.isdir(f"/{name}"):
                yield bind(f"/{name}", f"{root}/{name}")
        yield bind("/usr", f"{root}/usr")
        # For the programs of images.
        yield f"mount -t tmpfs -o mode=755 local {quote(root)}/usr/local"
        yield f"mkdir -p {quote(root)}/dev {quote(root)}/proc"
        yield f"mount --rbind /dev {quote(root)}/dev"
        yield f"mount -t proc proc {quote(root)}/proc"
        yield f"cp -r {quote(self.directory)}/etc {quote(root)}"
        for rule in self.pod.options.bind:
            yield bind(*(part if i == 0 else root + part for i, part in enumerate(rule.split(":"))))
        for mount in self.spec.get("volumeMounts", []):
            source = self.source(mount)
            # A file or directory that the kubelet would wait for is just not there.
            if source:
                yield bind(source, root + mount["mountPath"], not mount.get("readOnly", False))
        if self.pod.security(self.spec, "readOnlyRootFilesystem", False):
            yield f"mount -o remount,ro {quote(root)}"

    def source(self, mount):
        volume = self.pod.volume(mount["name"])
        path = mount.get("subPath", "")
        from_lab = os.path.join(self.pod.directory, self.spec["name"] + mount["mountPath"])
        if path and os.path.exists(from_lab):
            self.own(from_lab)
            return from_lab
        if "emptyDir" in volume:
            directory = os.path.join(self.pod.directory, "volumes", volume["name"])
            if not os.path.isdir(directory):
                os.makedirs(directory)
                os.chmod(directory, 0o777)
            return os.path.join(directory, path)
        directory = os.path.join(self.directory, "volumes", volume["name"])
        for kind, plural, name_of in (("secret", "secrets", "secretName"), ("configMap", "configmaps", "name")):
            if kind in volume:
                source = volume[kind]
                address = f"/api/v1/namespaces/{self.pod.namespace}/{plural}/{source[name_of]}"
                os.makedirs(directory, exist_ok=True)
                self.renewed.append((directory, address, source.get("items")))
                self.renew(*self.renewed[-1])
                return os.path.join(directory, path)
        if "projected" in volume and self.spec in self.pod.init_containers():
            # The lab makes tokens for ordinary containers only.
            return None
        if os.path.exists(from_lab):
            self.own(from_lab)
            return from_lab
        return None

    def own(self, path):
        subprocess.run(["chown", "-R", f"{self.user}:{self.group}", path], check=True)

    def renew_files(self):
        while True:
            time.sleep(SECRETS_PERIOD_S)
            for source in self.renewed:
                with contextlib.suppress(OSError):  # the API server is down, or the object gone
                    self.renew(*source)

    def renew(self, directory, address, items):
        """Writes a Secret or ConfigMap as a kubelet does: all files change at once, by a link."""
        found = self.pod.api.get(address)
        version = "..v" + found["metadata"]["resourceVersion"]
        data = os.path.join(directory, "..data")
        if os.path.islink(data) and os.readlink(data) == version:
            return
        contents = {name: text.encode() for name, text in found.get("data", {}).items()}
        if found["kind"] == "Secret":
            contents = {name: base64.b64decode(text) for name, text in contents.items()}
        for name, text in found.get("binaryData", {}).items():
            contents[name] = base64.b64decode(text)
        if items:
            contents = {i["path"]: contents[i["key"]] for i in items if i["key"] in contents}
        fresh = os.path.join(directory, version)
        shutil.rmtree(fresh, ignore_errors=True)
        for name, content in contents.items():
            file = os.path.join(fresh, name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as out:
                out.write(content)
            os.chmod(file, 0o440)
        os.makedirs(fresh, exist_ok=True)
        self.own(fresh)
        old = os.readlink(data) if os.path.islink(data) else None
        os.symlink(version, data + ".new")
        os.rename(data + ".new", data)
        for name in {n.split("/")[0] for n in contents}:
            link = os.path.join(directory, name)
            if not os.path.islink(link):
                os.symlink(os.path.join("..data", name), link)
        if old:
            shutil.rmtree(os.path.join(directory, old), ignore_errors=True)

    def first_process(self):
        """The process with which the container began; it is a child of unshare."""
        parent = self.process.pid
        with open(f"/proc/{parent}/task/{parent}/children") as file:
            return int(file.read().split()[0])

    def note_first_process(self):
        """For tests that kill it."""
        while self.process.poll() is None:
            with contextlib.suppress(IndexError, OSError):
                first = self.first_process()
                with open(os.path.join(self.directory, "pid"), "w") as file:
                    file.write(str(first))
                return
            time.sleep(0.01)

    def stop_on(self, stopping):
        stopping.wait()
        try:
            first = self.first_process()
            self.before_stop(self.spec.get("lifecycle", {}).get("preStop", {}), first)
            os.kill(first, signal.SIGTERM)
        except (IndexError, OSError):
            pass  # it has ended

    def before_stop(self, hook, first):
        """Returns when the hook has run, or failed."""
        command = hook.get("exec", {}).get("command", ["sleep"])
        # The lab itself waits where a hook just sleeps.
        if command[0] != "sleep":
            subprocess.run(
                ["nsenter", f"--target={first}", "--net", "--mount", "--pid", "--root", "--wd",
                 *self.as_user()[:-2], "env", "-i", *self.variables(), *command],
                stdin=subprocess.DEVNULL, check=False)
        if "httpGet" in hook:
            with contextlib.suppress(OSError, http.client.HTTPException):
                kubelet = http.client.HTTPConnection(self.pod.ip, hook["httpGet"]["port"])
                kubelet.request("GET", hook["httpGet"]["path"])
                kubelet.getresponse().read()


def forward(server, target):
    """Passes connections on to the pod."""

    def pass_on(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def serve(client):
        with client, contextlib.suppress(OSError), socket.create_connection(target, 2) as pod:
            pod.settimeout(None)
            back = threading.Thread(target=pass_on, args=(pod, client), daemon=True)
            back.start()
            pass_on(client, pod)
            back.join()

    while True:
        client, _ = server.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


def bind(source, target, writable=False):
    make = "mkdir -p {0}" if os.path.isdir(source) else "mkdir -p $(dirname {0}) && touch {0}"
    commands = [make.format(quote(target)), f"mount --bind {quote(source)} {quote(target)}"]
    if not writable:
        commands.append(f"mount -o remount,bind,ro {quote(target)}")
    return "\n".join(commands)


def run(script, within=()):
    done = subprocess.run([*within, "sh", "-ec", script], text=True, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"network of the pod: {done.stderr}")


quote = shlex.quote

if __name__ == "__main__":
    main()
