#!/usr/bin/env python3
"""Checks an app's manifest after the library's was merged into it: android_manifest.py MANIFEST."""

import sys
import xml.etree.ElementTree as ElementTree

ANDROID = "{http://schemas.android.com/apk/res/android}"


def mistakes(manifest: ElementTree.Element) -> list[str]:
    """What is wrong with it."""
    found = []
    activities = {a.get(ANDROID + "name"): a for a in manifest.findall("application/activity")}
    own = activities.get("dev.proofkey.android.ProofKeyActivity")
    receiver = activities.get("dev.proofkey.android.RedirectActivity")
    if (
        own is None
        or own.get(ANDROID + "exported") != "false"
        or own.find("intent-filter") is not None
    ):
        found.append("ProofKeyActivity can be started by other apps, or is missing")
    if receiver is None or receiver.get(ANDROID + "exported") != "true":
        found.append("RedirectActivity cannot be reached, or is missing")
    else:
        # The filter is the app's, all else is the library's.
        if receiver.get(ANDROID + "taskAffinity") != "":
            found.append("RedirectActivity is not in a task of its own")
        schemes = [d.get(ANDROID + "scheme") for d in receiver.findall("intent-filter/data")]
        if schemes != ["dev.proofkey.sample"]:
            found.append(f"RedirectActivity has the schemes {schemes}")
    actions = [a.get(ANDROID + "name") for a in manifest.findall("queries/intent/action")]
    for action in (
        "android.intent.action.VIEW",
        "android.support.customtabs.action.CustomTabsService",
    ):
        if action not in actions:
            found.append(f"the app cannot see who serves {action}")
    if [p.get(ANDROID + "name") for p in manifest.findall("uses-permission")] != [
        "android.permission.INTERNET"
    ]:
        found.append("the app gets another permission than INTERNET")
    return found


def main() -> int:
    found = mistakes(ElementTree.parse(sys.argv[1]).getroot())
    for mistake in found:
        print(mistake)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
