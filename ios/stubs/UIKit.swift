// The part of UIKit that ios/Sources uses, for machines without it. Declarations as in Apple's documentation; what
// a test may set is marked so, and Apple's has none of it.
@_exported import Foundation

@MainActor open class UIWindow: NSObject, Sendable {
    public override nonisolated init() {}
}

@MainActor open class UIScene: NSObject, Sendable {
    public enum ActivationState: Int, Sendable {
        case unattached = -1
        case foregroundActive
        case foregroundInactive
        case background
    }

    /// For tests: settable.
    public var activationState = ActivationState.unattached

    public override nonisolated init() {}
}

@MainActor open class UIWindowScene: UIScene {
    /// For tests: settable.
    public var windows: [UIWindow] = []
    /// For tests: settable.
    public var keyWindow: UIWindow?
}

@MainActor open class UIApplication: NSObject, Sendable {
    public static let shared = UIApplication()

    /// For tests: settable.
    public var connectedScenes: Set<UIScene> = []
}
