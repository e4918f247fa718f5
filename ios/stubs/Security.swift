// The part of Security that ios/Sources uses, for machines without it: a Keychain in memory. Declarations as in Apple's
// documentation, and what they say of each call; what a test may do to it is `StubKeychain`, of which Apple's has nothing.
@_exported import Foundation

/// What a call of the Keychain comes to.
public typealias OSStatus = Int32
/// Core Foundation's, which Linux does not have: Swift's own.
public typealias CFString = String
/// As for `CFString`.
public typealias CFDictionary = [AnyHashable: Any]
/// As for `CFString`.
public typealias CFTypeRef = Any
/// As for `CFString`: the name alone, for what is never given.
public final class CFAllocator: Sendable {}
/// As for `CFString`: the name alone, for what is never given.
public final class CFError: Sendable {}

/// An answer, by Apple's number.
public let errSecSuccess: OSStatus = 0
/// An answer, by Apple's number.
public let errSecParam: OSStatus = -50
/// An answer, by Apple's number.
public let errSecNotAvailable: OSStatus = -25291
/// An answer, by Apple's number.
public let errSecAuthFailed: OSStatus = -25293
/// An answer, by Apple's number.
public let errSecDuplicateItem: OSStatus = -25299
/// An answer, by Apple's number.
public let errSecItemNotFound: OSStatus = -25300
/// An answer, by Apple's number.
public let errSecInteractionNotAllowed: OSStatus = -25308
/// An answer, by Apple's number.
public let errSecMissingEntitlement: OSStatus = -34018

/// A name or a value in the description of an item.
public let kSecClass: CFString = "class"
/// A name or a value in the description of an item.
public let kSecClassGenericPassword: CFString = "genp"
/// A name or a value in the description of an item.
public let kSecAttrService: CFString = "svce"
/// A name or a value in the description of an item.
public let kSecAttrAccount: CFString = "acct"
/// A name or a value in the description of an item.
public let kSecAttrAccessGroup: CFString = "agrp"
/// A name or a value in the description of an item.
public let kSecAttrAccessible: CFString = "pdmn"
/// A name or a value in the description of an item.
public let kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly: CFString = "cku"
/// A name or a value in the description of an item.
public let kSecAttrGeneric: CFString = "gena"
/// A name or a value in the description of an item.
public let kSecAttrSynchronizable: CFString = "sync"
/// A name or a value in the description of an item.
public let kSecUseDataProtectionKeychain: CFString = "nleg"
/// A name or a value in the description of an item.
public let kSecValueData: CFString = "v_Data"
/// A name or a value in the description of an item.
public let kSecReturnAttributes: CFString = "r_Attributes"
/// A name or a value in the description of an item.
public let kSecReturnData: CFString = "r_Data"
/// A name or a value in the description of an item.
public let kSecMatchLimit: CFString = "m_Limit"
/// A name or a value in the description of an item.
public let kSecMatchLimitOne: CFString = "m_LimitOne"

/// What a key may be used for, and when.
public struct SecAccessControlCreateFlags: OptionSet, Sendable {
    public let rawValue: UInt

    public init(rawValue: UInt) { self.rawValue = rawValue }

    /// To sign.
    public static let privateKeyUsage = Self(rawValue: 1 << 30)
}

/// How a key is protected. A test can look at both.
public final class SecAccessControl: Sendable {
    public let protection: CFString
    public let flags: SecAccessControlCreateFlags

    init(_ protection: CFString, _ flags: SecAccessControlCreateFlags) {
        (self.protection, self.flags) = (protection, flags)
    }
}

/// Describes how a key is protected.
public func SecAccessControlCreateWithFlags(
    _ allocator: CFAllocator?, _ protection: CFTypeRef, _ flags: SecAccessControlCreateFlags,
    _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> SecAccessControl? {
    (protection as? CFString).map { SecAccessControl($0, flags) }
}

/// Makes an item, or `errSecDuplicateItem`.
public func SecItemAdd(_ attributes: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
    StubKeychain.shared.add(attributes)
}

/// Finds an item, or `errSecItemNotFound`.
public func SecItemCopyMatching(_ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
    let (status, item) = StubKeychain.shared.find(query)
    if let item { result?.pointee = item }
    return status
}

/// Changes all items that match, or `errSecItemNotFound`.
public func SecItemUpdate(_ query: CFDictionary, _ attributesToUpdate: CFDictionary) -> OSStatus {
    StubKeychain.shared.update(query, attributesToUpdate)
}

/// Deletes all items that match, or `errSecItemNotFound`.
public func SecItemDelete(_ query: CFDictionary) -> OSStatus {
    StubKeychain.shared.delete(query)
}
