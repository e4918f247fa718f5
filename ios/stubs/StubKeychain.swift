import Foundation

/// The Keychain in memory, in a test's hands.
public final class StubKeychain: @unchecked Sendable {
    // Sound: reached under the lock alone.
    typealias Item = [String: Any]

    public static let shared = StubKeychain()

    private let lock = NSLock()
    private var items: [Item] = []
    private var failures: [OSStatus] = []

    /// What stands in the item; without it, it is as on a device.
    private static let primary = [
        kSecClass, kSecAttrService, kSecAttrAccount, kSecAttrAccessGroup, kSecAttrSynchronizable,
    ]
    private static let compared = primary + [kSecAttrGeneric]

    /// The next calls answer so, one each, and do nothing.
    public func fail(_ statuses: OSStatus...) {
        lock.withLock { failures += statuses }
    }

    /// The items of a service: their attributes, without their values.
    public func attributes(of service: String) -> [[String: String]] {
        lock.withLock {
            items.filter { $0[kSecAttrService] as? String == service }.map { $0.compactMapValues { $0 as? String } }
        }
    }

    func add(_ attributes: CFDictionary) -> OSStatus {
        answer {
            var item = Self.item(attributes)
            guard item[kSecClass] as? String == kSecClassGenericPassword, item[kSecValueData] is Data else {
                return errSecParam
            }
            guard !items.contains(where: { Self.same($0, item, Self.primary) }) else { return errSecDuplicateItem }
            item[kSecUseDataProtectionKeychain] = nil
            items.append(item)
            return errSecSuccess
        }
    }

    func find(_ query: CFDictionary) -> (OSStatus, Item?) {
        var found: Item?
        let status = answer {
            found = items.first { Self.matches($0, Self.item(query)) }
            return found == nil ? errSecItemNotFound : errSecSuccess
        }
        return (status, found)
    }

    func update(_ query: CFDictionary, _ change: CFDictionary) -> OSStatus {
        answer {
            let places = items.indices.filter { Self.matches(items[$0], Self.item(query)) }
            guard !places.isEmpty else { return errSecItemNotFound }
            for place in places { items[place].merge(Self.item(change)) { $1 } }
            return errSecSuccess
        }
    }

    func delete(_ query: CFDictionary) -> OSStatus {
        answer {
            let left = items.filter { !Self.matches($0, Self.item(query)) }
            guard left.count < items.count else { return errSecItemNotFound }
            items = left
            return errSecSuccess
        }
    }

    private func answer(_ body: () -> OSStatus) -> OSStatus {
        lock.withLock { failures.isEmpty ? body() : failures.removeFirst() }
    }

    private static func item(_ attributes: CFDictionary) -> Item {
        Item(uniqueKeysWithValues: attributes.map { ("\($0.key)", $0.value) })
    }

    /// Whether an item has every attribute that a query names.
    private static func matches(_ item: Item, _ query: Item) -> Bool {
        same(item, query, compared.filter { query[$0] != nil })
    }

    private static func same(_ one: Item, _ other: Item, _ names: [String]) -> Bool {
        names.allSatisfy { name in
            switch (one[name], other[name]) {
            case (nil, nil): true
            case (let one as String, let other as String): one == other
            case (let one as Data, let other as Data): one == other
            case (let one as Bool, let other as Bool): one == other
            default: false
            }
        }
    }
}
