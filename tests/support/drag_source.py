# SPDX-License-Identifier: GPL-2.0-or-later
"""A window that files are dragged from, as from a file manager's: drag_source.py FILE... It prints how the drag ended."""
import sys

import gi
gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402


def activate_cb(application):
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(path) for path in sys.argv[1:]])
    source = Gtk.DragSource(content=Gdk.ContentProvider.new_for_value(files), actions=Gdk.DragAction.COPY)
    source.connect("drag-end", lambda *_: print("taken", flush=True))
    source.connect("drag-cancel", lambda *_: print("refused", flush=True))
    handle = Gtk.Label(label="Drag me")
    handle.add_controller(source)
    Gtk.ApplicationWindow(application=application, child=handle, default_width=200, default_height=100).present()


application = Gtk.Application(application_id="org.lanescope.DragSource", flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect("activate", activate_cb)
application.run([])
