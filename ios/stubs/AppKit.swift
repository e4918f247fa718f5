// The part of AppKit that ios/Sources uses, for machines without it: enough to compile against.
@_exported import Foundation

@MainActor open class NSWindow: NSObject, Sendable {
    public override nonisolated init() {}
}

@MainActor open class NSApplication: NSObject, Sendable {
    public static let shared = NSApplication()

    public var keyWindow: NSWindow? { nil }
    public var mainWindow: NSWindow? { nil }
}
