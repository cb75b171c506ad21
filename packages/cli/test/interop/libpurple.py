"""
libpurple without a face: one account of its Bonjour protocol, driven by lines of JSON on standard input, and what happens told
by lines of JSON on standard output. Started as `libpurple.py NAME PORT DIRECTORY [DISPLAY-NAME]`; wants an Avahi on the system
bus. Ends with its input. `libpurple.py --version` only tells which version it is, and fails where it has no Bonjour.

In: {"do":"status","id":"away","message":"…"}, {"do":"buddies"}, {"do":"say","to":"…","text":"…"}, {"do":"close","to":"…"},
{"do":"quit"}.
"""
import ctypes
import json
import os
import sys
import tempfile
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_uint, c_void_p

# Its protocols are modules which look for its functions among those of the whole process.
purple = ctypes.CDLL("libpurple.so.0", ctypes.RTLD_GLOBAL)
glib = ctypes.CDLL("libglib-2.0.so.0")


def function(library, symbol, result, *arguments):
    found = getattr(library, symbol)
    found.restype, found.argtypes = result, arguments
    return found


def say(**line):
    print(json.dumps(line), flush=True)


def text(pointer):
    return None if pointer is None else pointer.decode("utf-8", "replace")


# The loop: libpurple asks its user interface for one. These types are in its header eventloop.h.
Fired = CFUNCTYPE(c_int, c_void_p)
Ready = CFUNCTYPE(c_int, c_int, c_uint, c_void_p)
Heard = CFUNCTYPE(None, c_void_p, c_int, c_uint)
AddTimeout = CFUNCTYPE(c_uint, c_uint, c_void_p, c_void_p)
Remove = CFUNCTYPE(c_int, c_uint)
AddInput = CFUNCTYPE(c_uint, c_int, c_uint, c_void_p, c_void_p)


class EventLoop(Structure):
    _fields_ = [
        ("timeout_add", c_void_p),
        ("timeout_remove", c_void_p),
        ("input_add", AddInput),
        ("input_remove", c_void_p),
        ("input_get_error", c_void_p),
        ("timeout_add_seconds", c_void_p),
        ("reserved", c_void_p * 3),
    ]


READ, WRITE = 1, 2
IN, OUT, ERROR, HUNG_UP = 1, 4, 8, 16
unix_fd_add = function(glib, "g_unix_fd_add", c_uint, c_int, c_uint, Ready, c_void_p)
watched = {}


def input_add(fd, condition, heard, data):
    call = Heard(heard)

    def ready(at, events, _):
        read = READ if events & (IN | ERROR | HUNG_UP) else 0
        written = WRITE if events & (OUT | ERROR) else 0
        call(data, at, (read | written) & condition or condition)
        return 1

    kept = Ready(ready)
    wanted = (IN if condition & READ else 0) | (OUT if condition & WRITE else 0) | ERROR | HUNG_UP
    handle = unix_fd_add(fd, wanted, kept, None)
    watched[handle] = (kept, call)
    return handle


def address(symbol):
    return ctypes.cast(getattr(glib, symbol), c_void_p)


loop = EventLoop(
    timeout_add=address("g_timeout_add"),
    timeout_remove=address("g_source_remove"),
    input_add=AddInput(input_add),
    input_remove=address("g_source_remove"),
    timeout_add_seconds=address("g_timeout_add_seconds"),
)

# The part of libpurple that is used.
set_user_dir = function(purple, "purple_util_set_user_dir", None, c_char_p)
set_loop = function(purple, "purple_eventloop_set_ui_ops", None, POINTER(EventLoop))
core_init = function(purple, "purple_core_init", c_int, c_char_p)
core_quit = function(purple, "purple_core_quit", None)
force_online = function(purple, "purple_network_force_online", None)
set_preference = function(purple, "purple_prefs_set_bool", None, c_char_p, c_int)
find_protocol = function(purple, "purple_find_prpl", c_void_p, c_char_p)
blist_new = function(purple, "purple_blist_new", c_void_p)
set_blist = function(purple, "purple_set_blist", None, c_void_p)
account_new = function(purple, "purple_account_new", c_void_p, c_char_p, c_char_p)
accounts_add = function(purple, "purple_accounts_add", None, c_void_p)
set_int = function(purple, "purple_account_set_int", None, c_void_p, c_char_p, c_int)
set_string = function(purple, "purple_account_set_string", None, c_void_p, c_char_p, c_char_p)
set_alias = function(purple, "purple_account_set_alias", None, c_void_p, c_char_p)
set_enabled = function(purple, "purple_account_set_enabled", None, c_void_p, c_char_p, c_int)
saved_new = function(purple, "purple_savedstatus_new", c_void_p, c_char_p, c_int)
saved_message = function(purple, "purple_savedstatus_set_message", None, c_void_p, c_char_p)
saved_activate = function(purple, "purple_savedstatus_activate", None, c_void_p)
signal_connect = function(
    purple, "purple_signal_connect", c_uint, c_void_p, c_char_p, c_void_p, c_void_p, c_void_p
)
buddies_of = function(purple, "purple_blist_get_buddies", c_void_p)
buddy_name = function(purple, "purple_buddy_get_name", c_char_p, c_void_p)
buddy_alias = function(purple, "purple_buddy_get_alias", c_char_p, c_void_p)
buddy_presence = function(purple, "purple_buddy_get_presence", c_void_p, c_void_p)
is_online = function(purple, "purple_presence_is_online", c_int, c_void_p)
active_status = function(purple, "purple_presence_get_active_status", c_void_p, c_void_p)
status_id = function(purple, "purple_status_get_id", c_char_p, c_void_p)
status_text = function(purple, "purple_status_get_attr_string", c_char_p, c_void_p, c_char_p)
conversation_new = function(purple, "purple_conversation_new", c_void_p, c_int, c_void_p, c_char_p)
conversation_destroy = function(purple, "purple_conversation_destroy", None, c_void_p)
im_data = function(purple, "purple_conversation_get_im_data", c_void_p, c_void_p)
im_send = function(purple, "purple_conv_im_send", None, c_void_p, c_char_p)
conversation_name = function(purple, "purple_conversation_get_name", c_char_p, c_void_p)
core_version = function(purple, "purple_core_get_version", c_char_p)
log_wanted = function(purple, "purple_debug_set_enabled", None, c_int)


class Link(Structure):
    pass


Link._fields_ = [("data", c_void_p), ("next", POINTER(Link))]


def described(buddy):
    presence = buddy_presence(buddy)
    status = active_status(presence)
    return {
        "name": text(buddy_name(buddy)),
        "alias": text(buddy_alias(buddy)),
        "online": bool(is_online(presence)),
        "status": text(status_id(status)),
        "message": text(status_text(status, b"message")),
    }


def buddies():
    found, link = [], ctypes.cast(buddies_of(), POINTER(Link))
    while link:
        found.append(described(link.contents.data))
        link = link.contents.next
    return found


callbacks = []


def on(owner, signal, arguments, call):
    callback = CFUNCTYPE(None, *arguments, c_void_p)(lambda *given: call(*given[:-1]))
    callbacks.append(callback)
    handle = function(purple, owner, c_void_p)()
    signal_connect(handle, signal, ctypes.addressof(loop), ctypes.cast(callback, c_void_p), None)


def told(event):
    return lambda buddy, *_: say(event=event, buddy=described(buddy))


def status(kind, message):
    saved = saved_new(None, {"available": 2, "away": 5}[kind])
    if message is not None:
        saved_message(saved, message.encode())
    saved_activate(saved)


conversations = {}
main_loop = None


def quit_loop():
    function(glib, "g_main_loop_quit", None, c_void_p)(main_loop)


def obey(line):
    wish = json.loads(line)
    deed = wish["do"]
    if deed == "status":
        status(wish["id"], wish.get("message"))
    elif deed == "buddies":
        say(event="buddies", buddies=buddies())
    elif deed == "say":
        to = wish["to"]
        if to not in conversations:
            conversations[to] = conversation_new(1, account, to.encode())
        im_send(im_data(conversations[to]), wish["text"].encode())
    elif deed == "close":
        conversation_destroy(conversations[wish["to"]])
    elif deed == "quit":
        quit_loop()


unread = b""


def on_input(fd, _, __):
    global unread
    got = os.read(fd, 65536)
    if got == b"":
        quit_loop()
        return 0
    *lines, unread = (unread + got).split(b"\n")
    for line in lines:
        if line.strip():
            obey(line)
    return 1


def start(directory):
    set_user_dir(directory.encode())
    log_wanted(1 if os.environ.get("INTEROP_LOG") else 0)
    set_loop(ctypes.byref(loop))
    if not core_init(b"interop"):
        sys.exit("libpurple does not start")
    if find_protocol(b"prpl-bonjour") is None:
        sys.exit("this libpurple has no Bonjour")


if sys.argv[1:] == ["--version"]:
    with tempfile.TemporaryDirectory() as empty:
        start(empty)
    print(text(core_version()))
    sys.exit(0)

name, port, directory = sys.argv[1:4]
start(directory)
set_blist(blist_new())
for preference in (b"/purple/away/away_when_idle", b"/purple/logging/log_ims"):
    set_preference(preference, 0)
force_online()

on("purple_blist_get_handle", b"buddy-signed-on", [c_void_p], told("on"))
# Nobody has put them on the list for good, so whoever goes is removed, and does not sign off.
on("purple_blist_get_handle", b"buddy-removed", [c_void_p], told("off"))
on("purple_blist_get_handle", b"buddy-status-changed", [c_void_p] * 3, told("status"))
on("purple_connections_get_handle", b"signed-on", [c_void_p], lambda _: say(event="ready", version=text(core_version())))
on(
    "purple_connections_get_handle",
    b"connection-error",
    [c_void_p, c_int, c_char_p],
    lambda _, __, why: say(event="error", why=text(why)),
)


def received(_, sender, message, conversation, __):
    if conversation is not None:
        conversations[text(sender)] = conversation
    say(event="message", sender=text(sender), message=text(message))


on("purple_conversations_get_handle", b"received-im-msg", [c_void_p, c_char_p, c_char_p, c_void_p, c_uint], received)
on(
    "purple_conversations_get_handle",
    b"conversation-created",
    [c_void_p],
    lambda made: conversations.__setitem__(text(conversation_name(made)), made),
)
on(
    "purple_conversations_get_handle",
    b"deleting-conversation",
    [c_void_p],
    lambda gone: conversations.pop(text(conversation_name(gone)), None),
)
on(
    "purple_conversations_get_handle",
    b"wrote-im-msg",
    [c_void_p, c_char_p, c_char_p, c_void_p, c_uint],
    lambda _, who, message, __, flags: say(event="wrote", who=text(who), message=text(message), flags=flags),
)

account = account_new(name.encode(), b"prpl-bonjour")
set_int(account, b"port", int(port))
if len(sys.argv) > 4:
    set_string(account, b"first", sys.argv[4].encode())
accounts_add(account)
set_enabled(account, b"interop", 1)
status("available", None)

keep = Ready(on_input)
unix_fd_add(0, IN | HUNG_UP, keep, None)
main_loop = function(glib, "g_main_loop_new", c_void_p, c_void_p, c_int)(None, 0)
function(glib, "g_main_loop_run", None, c_void_p)(main_loop)
core_quit()
say(event="gone")
