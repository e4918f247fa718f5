// Generated from bindings/uniffi by `cargo run -p proofkey-tools --bin regen`. Do not edit.
// swiftlint:disable all
import Foundation

// Depending on the consumer's build setup, the low-level FFI code
// might be in a separate module, or it might be compiled inline into
// this module. This is a bit of light hackery to work with both.
#if canImport(CProofKey)
import CProofKey
#endif

fileprivate extension RustBuffer {
    // Allocate a new buffer, copying the contents of a `UInt8` array.
    init(bytes: [UInt8]) {
        let rbuf = bytes.withUnsafeBufferPointer { ptr in
            RustBuffer.from(ptr)
        }
        self.init(capacity: rbuf.capacity, len: rbuf.len, data: rbuf.data)
    }

    static func empty() -> RustBuffer {
        RustBuffer(capacity: 0, len:0, data: nil)
    }

    static func from(_ ptr: UnsafeBufferPointer<UInt8>) -> RustBuffer {
        try! rustCall { ffi_proofkey_uniffi_rustbuffer_from_bytes(ForeignBytes(bufferPointer: ptr), $0) }
    }

    // Frees the buffer in place.
    // The buffer must not be used after this is called.
    func deallocate() {
        try! rustCall { ffi_proofkey_uniffi_rustbuffer_free(self, $0) }
    }
}

fileprivate extension ForeignBytes {
    init(bufferPointer: UnsafeBufferPointer<UInt8>) {
        self.init(len: Int32(bufferPointer.count), data: bufferPointer.baseAddress)
    }

    init(rawBufferPointer: UnsafeRawBufferPointer) {
        self.init(
            len: Int32(rawBufferPointer.count),
            data: rawBufferPointer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
    }
}

// Converter for `&[u8]` / `[ByRef] bytes` arguments.
//
// Conforms to `FfiConverter` so the compiler enforces the full converter
// method set. Only the scope-bound `lower(_:_body:)` overload is sound —
// zero-copy byte buffers only flow foreign -> Rust, and only in argument
// position. The four protocol-witness methods (`lift`, `lower`, `read`,
// `write`) `fatalError` at runtime if anyone reaches them.
//
// The scope-bound `lower` takes a closure because the `ForeignBytes`
// pointer is only guaranteed valid for the duration of
// `Data.withUnsafeBytes`. Callers must run the full FFI call inside
// the closure body.
fileprivate enum FfiConverterByRefBytes: FfiConverter {
    typealias SwiftType = Data
    typealias FfiType = ForeignBytes

    static func lower<R>(_ value: Data, _ body: (ForeignBytes) throws -> R) rethrows -> R {
        return try value.withUnsafeBytes { rawBuf in
            try body(ForeignBytes(rawBufferPointer: rawBuf))
        }
    }

    static func lower(_ value: Data) -> ForeignBytes {
        fatalError("ByRef bytes cannot use the plain lower: returning ForeignBytes escapes the Data.withUnsafeBytes scope. Use the scope-bound lower(_:_body:) overload instead.")
    }

    static func lift(_ value: ForeignBytes) throws -> Data {
        fatalError("ByRef bytes cannot be lifted: zero-copy &[u8] only flows foreign->Rust")
    }

    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        fatalError("ByRef bytes cannot be read from a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }

    static func write(_ value: Data, into buf: inout [UInt8]) {
        fatalError("ByRef bytes cannot be written to a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }
}

// For every type used in the interface, we provide helper methods for conveniently
// lifting and lowering that type from C-compatible data, and for reading and writing
// values of that type in a buffer.

// Helper classes/extensions that don't change.
// Someday, this will be in a library of its own.

fileprivate extension Data {
    init(rustBuffer: RustBuffer) {
        self.init(
            bytesNoCopy: rustBuffer.data!,
            count: Int(rustBuffer.len),
            deallocator: .none
        )
    }
}

// Define reader functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.
//
// With external types, one swift source file needs to be able to call the read
// method on another source file's FfiConverter, but then what visibility
// should Reader have?
// - If Reader is fileprivate, then this means the read() must also
//   be fileprivate, which doesn't work with external types.
// - If Reader is internal/public, we'll get compile errors since both source
//   files will try define the same type.
//
// Instead, the read() method and these helper functions input a tuple of data

fileprivate func createReader(data: Data) -> (data: Data, offset: Data.Index) {
    (data: data, offset: 0)
}

// Reads an integer at the current offset, in big-endian order, and advances
// the offset on success. Throws if reading the integer would move the
// offset past the end of the buffer.
fileprivate func readInt<T: FixedWidthInteger>(_ reader: inout (data: Data, offset: Data.Index)) throws -> T {
    let range = reader.offset..<reader.offset + MemoryLayout<T>.size
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    if T.self == UInt8.self {
        let value = reader.data[reader.offset]
        reader.offset += 1
        return value as! T
    }
    var value: T = 0
    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})
    reader.offset = range.upperBound
    return value.bigEndian
}

// Reads an arbitrary number of bytes, to be used to read
// raw bytes, this is useful when lifting strings
fileprivate func readBytes(_ reader: inout (data: Data, offset: Data.Index), count: Int) throws -> Array<UInt8> {
    let range = reader.offset..<(reader.offset+count)
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    var value = [UInt8](repeating: 0, count: count)
    value.withUnsafeMutableBufferPointer({ buffer in
        reader.data.copyBytes(to: buffer, from: range)
    })
    reader.offset = range.upperBound
    return value
}

// Reads a float at the current offset.
fileprivate func readFloat(_ reader: inout (data: Data, offset: Data.Index)) throws -> Float {
    return Float(bitPattern: try readInt(&reader))
}

// Reads a float at the current offset.
fileprivate func readDouble(_ reader: inout (data: Data, offset: Data.Index)) throws -> Double {
    return Double(bitPattern: try readInt(&reader))
}

// Indicates if the offset has reached the end of the buffer.
fileprivate func hasRemaining(_ reader: (data: Data, offset: Data.Index)) -> Bool {
    return reader.offset < reader.data.count
}

// Define writer functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.  See the above discussion on Readers for details.

fileprivate func createWriter() -> [UInt8] {
    return []
}

fileprivate func writeBytes<S>(_ writer: inout [UInt8], _ byteArr: S) where S: Sequence, S.Element == UInt8 {
    writer.append(contentsOf: byteArr)
}

// Writes an integer in big-endian order.
//
// Warning: make sure what you are trying to write
// is in the correct type!
fileprivate func writeInt<T: FixedWidthInteger>(_ writer: inout [UInt8], _ value: T) {
    var value = value.bigEndian
    withUnsafeBytes(of: &value) { writer.append(contentsOf: $0) }
}

fileprivate func writeFloat(_ writer: inout [UInt8], _ value: Float) {
    writeInt(&writer, value.bitPattern)
}

fileprivate func writeDouble(_ writer: inout [UInt8], _ value: Double) {
    writeInt(&writer, value.bitPattern)
}

// Protocol for types that transfer other types across the FFI. This is
// analogous to the Rust trait of the same name.
fileprivate protocol FfiConverter {
    associatedtype FfiType
    associatedtype SwiftType

    static func lift(_ value: FfiType) throws -> SwiftType
    static func lower(_ value: SwiftType) -> FfiType
    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType
    static func write(_ value: SwiftType, into buf: inout [UInt8])
}

// Types conforming to `Primitive` pass themselves directly over the FFI.
fileprivate protocol FfiConverterPrimitive: FfiConverter where FfiType == SwiftType { }

extension FfiConverterPrimitive {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lift(_ value: FfiType) throws -> SwiftType {
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lower(_ value: SwiftType) -> FfiType {
        return value
    }
}

// Types conforming to `FfiConverterRustBuffer` lift and lower into a `RustBuffer`.
// Used for complex types where it's hard to write a custom lift/lower.
fileprivate protocol FfiConverterRustBuffer: FfiConverter where FfiType == RustBuffer {}

extension FfiConverterRustBuffer {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lift(_ buf: RustBuffer) throws -> SwiftType {
        var reader = createReader(data: Data(rustBuffer: buf))
        let value = try read(from: &reader)
        if hasRemaining(reader) {
            throw UniffiInternalError.incompleteData
        }
        buf.deallocate()
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lower(_ value: SwiftType) -> RustBuffer {
          var writer = createWriter()
          write(value, into: &writer)
          return RustBuffer(bytes: writer)
    }
}
// An error type for FFI errors. These errors occur at the UniFFI level, not
// the library level.
fileprivate enum UniffiInternalError: LocalizedError {
    case bufferOverflow
    case incompleteData
    case unexpectedOptionalTag
    case unexpectedEnumCase
    case unexpectedNullPointer
    case unexpectedRustCallStatusCode
    case unexpectedRustCallError
    case unexpectedStaleHandle
    case rustPanic(_ message: String)

    public var errorDescription: String? {
        switch self {
        case .bufferOverflow: return "Reading the requested value would read past the end of the buffer"
        case .incompleteData: return "The buffer still has data after lifting its containing value"
        case .unexpectedOptionalTag: return "Unexpected optional tag; should be 0 or 1"
        case .unexpectedEnumCase: return "Raw enum value doesn't match any cases"
        case .unexpectedNullPointer: return "Raw pointer value was null"
        case .unexpectedRustCallStatusCode: return "Unexpected RustCallStatus code"
        case .unexpectedRustCallError: return "CALL_ERROR but no errorClass specified"
        case .unexpectedStaleHandle: return "The object in the handle map has been dropped already"
        case let .rustPanic(message): return message
        }
    }
}

fileprivate extension NSLock {
    func withLock<T>(f: () throws -> T) rethrows -> T {
        self.lock()
        defer { self.unlock() }
        return try f()
    }
}

fileprivate let CALL_SUCCESS: Int8 = 0
fileprivate let CALL_ERROR: Int8 = 1
fileprivate let CALL_UNEXPECTED_ERROR: Int8 = 2
fileprivate let CALL_CANCELLED: Int8 = 3

fileprivate extension RustCallStatus {
    init() {
        self.init(
            code: CALL_SUCCESS,
            errorBuf: RustBuffer.init(
                capacity: 0,
                len: 0,
                data: nil
            )
        )
    }
}

private func rustCall<T>(_ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    let neverThrow: ((RustBuffer) throws -> Never)? = nil
    return try makeRustCall(callback, errorHandler: neverThrow)
}

private func rustCallWithError<T, E: Swift.Error>(
    _ errorHandler: @escaping (RustBuffer) throws -> E,
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    try makeRustCall(callback, errorHandler: errorHandler)
}

private func makeRustCall<T, E: Swift.Error>(
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T,
    errorHandler: ((RustBuffer) throws -> E)?
) throws -> T {
    uniffiEnsureProofkeyUniffiInitialized()
    var callStatus = RustCallStatus.init()
    let returnedVal = callback(&callStatus)
    try uniffiCheckCallStatus(callStatus: callStatus, errorHandler: errorHandler)
    return returnedVal
}

private func uniffiCheckCallStatus<E: Swift.Error>(
    callStatus: RustCallStatus,
    errorHandler: ((RustBuffer) throws -> E)?
) throws {
    switch callStatus.code {
        case CALL_SUCCESS:
            return

        case CALL_ERROR:
            if let errorHandler = errorHandler {
                throw try errorHandler(callStatus.errorBuf)
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.unexpectedRustCallError
            }

        case CALL_UNEXPECTED_ERROR:
            // When the rust code sees a panic, it tries to construct a RustBuffer
            // with the message.  But if that code panics, then it just sends back
            // an empty buffer.
            if callStatus.errorBuf.len > 0 {
                throw UniffiInternalError.rustPanic(try FfiConverterString.lift(callStatus.errorBuf))
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.rustPanic("Rust panic")
            }

        case CALL_CANCELLED:
            fatalError("Cancellation not supported yet")

        default:
            throw UniffiInternalError.unexpectedRustCallStatusCode
    }
}

private func uniffiTraitInterfaceCall<T>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> ()
) {
    do {
        try writeReturn(makeCall())
    } catch let error {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: error))
    }
}

private func uniffiTraitInterfaceCallWithError<T, E>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> (),
    lowerError: (E) -> RustBuffer
) {
    do {
        try writeReturn(makeCall())
    } catch let error as E {
        callStatus.pointee.code = CALL_ERROR
        callStatus.pointee.errorBuf = lowerError(error)
    } catch {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: error))
    }
}
// Initial value and increment amount for handles.
// These ensure that SWIFT handles always have the lowest bit set
fileprivate let UNIFFI_HANDLEMAP_INITIAL: UInt64 = 1
fileprivate let UNIFFI_HANDLEMAP_DELTA: UInt64 = 2

fileprivate final class UniffiHandleMap<T>: @unchecked Sendable {
    // All mutation happens with this lock held, which is why we implement @unchecked Sendable.
    private let lock = NSLock()
    private var map: [UInt64: T] = [:]
    private var currentHandle: UInt64 = UNIFFI_HANDLEMAP_INITIAL

    func insert(obj: T) -> UInt64 {
        lock.withLock {
            return doInsert(obj)
        }
    }

    // Low-level insert function, this assumes `lock` is held.
    private func doInsert(_ obj: T) -> UInt64 {
        let handle = currentHandle
        currentHandle += UNIFFI_HANDLEMAP_DELTA
        map[handle] = obj
        return handle
    }

     func get(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

     func clone(handle: UInt64) throws -> UInt64 {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return doInsert(obj)
        }
    }

    @discardableResult
    func remove(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map.removeValue(forKey: handle) else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

    var count: Int {
        get {
            map.count
        }
    }
}


// Public interface members begin here.


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterUInt16: FfiConverterPrimitive {
    typealias FfiType = UInt16
    typealias SwiftType = UInt16

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt16 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterUInt32: FfiConverterPrimitive {
    typealias FfiType = UInt32
    typealias SwiftType = UInt32

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt32 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterUInt64: FfiConverterPrimitive {
    typealias FfiType = UInt64
    typealias SwiftType = UInt64

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt64 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterBool : FfiConverter {
    typealias FfiType = Int8
    typealias SwiftType = Bool

    public static func lift(_ value: Int8) throws -> Bool {
        return value != 0
    }

    public static func lower(_ value: Bool) -> Int8 {
        return value ? 1 : 0
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Bool {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: Bool, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterString: FfiConverter {
    typealias SwiftType = String
    typealias FfiType = RustBuffer

    public static func lift(_ value: RustBuffer) throws -> String {
        defer {
            value.deallocate()
        }
        if value.data == nil {
            return String()
        }
        let bytes = UnsafeBufferPointer<UInt8>(start: value.data!, count: Int(value.len))
        // Use Swift's native UTF-8 decoder; `String(bytes:encoding:.utf8)` goes
        // through Foundation's NSString and silently strips a leading U+FEFF BOM.
        // Invalid UTF-8 substitutes U+FFFD instead of trapping (unreachable
        // given Rust's `String` invariant).
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func lower(_ value: String) -> RustBuffer {
        return value.utf8CString.withUnsafeBufferPointer { ptr in
            // The swift string gives us int8_t, we want uint8_t.
            ptr.withMemoryRebound(to: UInt8.self) { ptr in
                // The swift string gives us a trailing null byte, we don't want it.
                let buf = UnsafeBufferPointer(rebasing: ptr.prefix(upTo: ptr.count - 1))
                return RustBuffer.from(buf)
            }
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> String {
        let len: Int32 = try readInt(&buf)
        // See `lift` above for why we avoid Foundation's NSString-backed decoder here.
        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)
    }

    public static func write(_ value: String, into buf: inout [UInt8]) {
        let len = Int32(value.utf8.count)
        writeInt(&buf, len)
        writeBytes(&buf, value.utf8)
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterData: FfiConverterRustBuffer {
    typealias SwiftType = Data

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        let len: Int32 = try readInt(&buf)
        return Data(try readBytes(&buf, count: Int(len)))
    }

    public static func write(_ value: Data, into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        writeBytes(&buf, value)
    }
}




/**
 * The flow. The first event is `Start`; each call does one step, and an error ends the flow.
 */
public protocol AccessProtocol: AnyObject, Sendable {

    /**
     * Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
     * ends the flow; every later event is answered by `flow_ended`.
     */
    func advance(event: Event, now: UInt64) throws  -> Step

    /**
     * What came of it, once, after `Done`; else nothing.
     */
    func outcome() throws  -> AccessOutcome?

}
/**
 * The flow. The first event is `Start`; each call does one step, and an error ends the flow.
 */
open class Access: AccessProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_access(self.handle, $0) }
    }
    /**
     * Makes the flow; nothing happens until `Start`. `invalid_configuration` names the field that cannot be
     * used.
     */
public convenience init(config: AccessConfig, goal: Goal, run: AccessRun)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_access_new(
        FfiConverterTypeAccessConfig_lower(config),
        FfiConverterTypeGoal_lower(goal),
        FfiConverterTypeAccessRun_lower(run),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_access(handle, $0) }
    }




    /**
     * Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
     * ends the flow; every later event is answered by `flow_ended`.
     */
open func advance(event: Event, now: UInt64)throws  -> Step  {
    return try  FfiConverterTypeStep_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_access_advance(
            self.uniffiCloneHandle(),
        FfiConverterTypeEvent_lower(event),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}

    /**
     * What came of it, once, after `Done`; else nothing.
     */
open func outcome()throws  -> AccessOutcome?  {
    return try  FfiConverterOptionTypeAccessOutcome.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_access_outcome(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAccess: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Access

    public static func lift(_ handle: UInt64) throws -> Access {
        return Access(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Access) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Access {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Access, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccess_lift(_ handle: UInt64) throws -> Access {
    return try FfiConverterTypeAccess.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccess_lower(_ value: Access) -> UInt64 {
    return FfiConverterTypeAccess.lower(value)
}






/**
 * The flow: looks the token up, then checks expiry, revocation, audience and scope.
 */
public protocol CheckTokenProtocol: AnyObject, Sendable {

    /**
     * Takes what the store has done and says what it does next. Every error ends the flow.
     */
    func advance(event: StoreEvent) throws  -> StoreStep

    /**
     * The answer, once, after `Done`; else nothing.
     */
    func outcome() throws  -> TokenAccess?

}
/**
 * The flow: looks the token up, then checks expiry, revocation, audience and scope.
 */
open class CheckToken: CheckTokenProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_checktoken(self.handle, $0) }
    }
    /**
     * Makes the flow. `authorization` is the header as it came, `audience` the resource's own URI. A
     * token that was asked for without a resource (RFC 8707) is for every resource of its server.
     * `invalid_configuration` for rules that cannot be used.
     */
public convenience init(authorization: String?, audience: String, requiredScopes: [String], demands: CheckDemands? = nil)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_checktoken_new(
        FfiConverterOptionString.lower(authorization),
        FfiConverterString.lower(audience),
        FfiConverterSequenceString.lower(requiredScopes),
        FfiConverterOptionTypeCheckDemands.lower(demands),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_checktoken(handle, $0) }
    }




    /**
     * Takes what the store has done and says what it does next. Every error ends the flow.
     */
open func advance(event: StoreEvent)throws  -> StoreStep  {
    return try  FfiConverterTypeStoreStep_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_checktoken_advance(
            self.uniffiCloneHandle(),
        FfiConverterTypeStoreEvent_lower(event),uniffiCallStatus
    )
})
}

    /**
     * The answer, once, after `Done`; else nothing.
     */
open func outcome()throws  -> TokenAccess?  {
    return try  FfiConverterOptionTypeTokenAccess.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_checktoken_outcome(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCheckToken: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = CheckToken

    public static func lift(_ handle: UInt64) throws -> CheckToken {
        return CheckToken(unsafeFromHandle: handle)
    }

    public static func lower(_ value: CheckToken) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> CheckToken {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: CheckToken, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCheckToken_lift(_ handle: UInt64) throws -> CheckToken {
    return try FfiConverterTypeCheckToken.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCheckToken_lower(_ value: CheckToken) -> UInt64 {
    return FfiConverterTypeCheckToken.lower(value)
}






/**
 * A code verifier and its challenge (RFC 7636 §4.1, §4.2), for those who make both requests on their own.
 */
public protocol CodePairProtocol: AnyObject, Sendable {

    /**
     * The 43 characters for `code_challenge`; the method is `S256`.
     */
    func challenge() throws  -> String

    /**
     * The verifier itself. Copies made of it are the caller's to wipe.
     */
    func exposeVerifier() throws  -> String

}
/**
 * A code verifier and its challenge (RFC 7636 §4.1, §4.2), for those who make both requests on their own.
 */
open class CodePair: CodePairProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_codepair(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_codepair(handle, $0) }
    }


    /**
     * The pair of a verifier that was made elsewhere. `invalid_verifier` outside the grammar of RFC 7636 §4.1.
     */
public static func parse(verifier: String)throws  -> CodePair  {
    return try  FfiConverterTypeCodePair_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_codepair_parse(
        FfiConverterString.lower(verifier),uniffiCallStatus
    )
})
}



    /**
     * The 43 characters for `code_challenge`; the method is `S256`.
     */
open func challenge()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_codepair_challenge(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The verifier itself. Copies made of it are the caller's to wipe.
     */
open func exposeVerifier()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_codepair_expose_verifier(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_codepair_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_codepair_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCodePair: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = CodePair

    public static func lift(_ handle: UInt64) throws -> CodePair {
        return CodePair(unsafeFromHandle: handle)
    }

    public static func lower(_ value: CodePair) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> CodePair {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: CodePair, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCodePair_lift(_ handle: UInt64) throws -> CodePair {
    return try FfiConverterTypeCodePair.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCodePair_lower(_ value: CodePair) -> UInt64 {
    return FfiConverterTypeCodePair.lower(value)
}






/**
 * The key that sealed bytes are sealed under: 32 bytes that the platform keeps (a keyring, a Keychain, a
 * key of the Keystore around it). It shows nothing of them; they are wiped when it is freed.
 */
public protocol DataKeyProtocol: AnyObject, Sendable {

    /**
     * The 32 bytes themselves. Copies made of them are the caller's to wipe.
     */
    func exposeBytes() throws  -> Data

    /**
     * The key as base64url without padding, for a keyring. Copies made of it are the caller's to wipe.
     */
    func exposeText() throws  -> String

}
/**
 * The key that sealed bytes are sealed under: 32 bytes that the platform keeps (a keyring, a Keychain, a
 * key of the Keystore around it). It shows nothing of them; they are wiped when it is freed.
 */
open class DataKey: DataKeyProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_datakey(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_datakey(handle, $0) }
    }


    /**
     * The key of these 32 bytes; `invalid_configuration` for any other number.
     */
public static func fromBytes(bytes: Data)throws  -> DataKey  {
    return try  FfiConverterTypeDataKey_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_datakey_from_bytes(
        FfiConverterData.lower(bytes),uniffiCallStatus
    )
})
}

    /**
     * The key of this text: base64url without padding of 32 bytes, as a keyring keeps it.
     */
public static func fromText(text: String)throws  -> DataKey  {
    return try  FfiConverterTypeDataKey_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_datakey_from_text(
        FfiConverterString.lower(text),uniffiCallStatus
    )
})
}

    /**
     * A fresh key from the system's generator.
     */
public static func generate()throws  -> DataKey  {
    return try  FfiConverterTypeDataKey_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_datakey_generate(uniffiCallStatus
    )
})
}



    /**
     * The 32 bytes themselves. Copies made of them are the caller's to wipe.
     */
open func exposeBytes()throws  -> Data  {
    return try  FfiConverterData.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_datakey_expose_bytes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The key as base64url without padding, for a keyring. Copies made of it are the caller's to wipe.
     */
open func exposeText()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_datakey_expose_text(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_datakey_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_datakey_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDataKey: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = DataKey

    public static func lift(_ handle: UInt64) throws -> DataKey {
        return DataKey(unsafeFromHandle: handle)
    }

    public static func lower(_ value: DataKey) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> DataKey {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: DataKey, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDataKey_lift(_ handle: UInt64) throws -> DataKey {
    return try FfiConverterTypeDataKey.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDataKey_lower(_ value: DataKey) -> UInt64 {
    return FfiConverterTypeDataKey.lower(value)
}






/**
 * The discovery flow. The first event is `Start`, its only steps are `Send` and `Done`, and an error ends it.
 * No one is trusted by it: show the issuer's host before a sign-in begins.
 */
public protocol DiscoveryProtocol: AnyObject, Sendable {

    /**
     * Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
     * ends the flow; every later event is answered by `flow_ended`.
     */
    func advance(event: Event, now: UInt64) throws  -> Step

    /**
     * What was found, once, after `Done`; else nothing.
     */
    func outcome() throws  -> Discovered?

}
/**
 * The discovery flow. The first event is `Start`, its only steps are `Send` and `Done`, and an error ends it.
 * No one is trusted by it: show the issuer's host before a sign-in begins.
 */
open class Discovery: DiscoveryProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_discovery(self.handle, $0) }
    }
    /**
     * Makes the flow; nothing happens until `Start`. `invalid_configuration` names the field that cannot
     * be used.
     */
public convenience init(config: DiscoveryConfig)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_discovery_new(
        FfiConverterTypeDiscoveryConfig_lower(config),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_discovery(handle, $0) }
    }




    /**
     * Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
     * ends the flow; every later event is answered by `flow_ended`.
     */
open func advance(event: Event, now: UInt64)throws  -> Step  {
    return try  FfiConverterTypeStep_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_discovery_advance(
            self.uniffiCloneHandle(),
        FfiConverterTypeEvent_lower(event),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}

    /**
     * What was found, once, after `Done`; else nothing.
     */
open func outcome()throws  -> Discovered?  {
    return try  FfiConverterOptionTypeDiscovered.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_discovery_outcome(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDiscovery: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Discovery

    public static func lift(_ handle: UInt64) throws -> Discovery {
        return Discovery(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Discovery) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Discovery {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Discovery, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDiscovery_lift(_ handle: UInt64) throws -> Discovery {
    return try FfiConverterTypeDiscovery.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDiscovery_lower(_ value: Discovery) -> UInt64 {
    return FfiConverterTypeDiscovery.lower(value)
}






/**
 * The newest `DPoP-Nonce` of each origin (RFC 9449 §8.2): one object for a client, for all its flows and
 * requests. A nonce is no secret.
 */
public protocol DpopNoncesProtocol: AnyObject, Sendable {

    /**
     * Remembers the value of the header field `DPoP-Nonce` of an answer from `url`. Whether it was taken: a
     * text that is no nonce, or longer than 1 KiB, is not.
     */
    func heard(url: String, nonce: String) throws  -> Bool

}
/**
 * The newest `DPoP-Nonce` of each origin (RFC 9449 §8.2): one object for a client, for all its flows and
 * requests. A nonce is no secret.
 */
open class DpopNonces: DpopNoncesProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_dpopnonces(self.handle, $0) }
    }
    /**
     * None yet.
     */
public convenience init()throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_dpopnonces_new(uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_dpopnonces(handle, $0) }
    }




    /**
     * Remembers the value of the header field `DPoP-Nonce` of an answer from `url`. Whether it was taken: a
     * text that is no nonce, or longer than 1 KiB, is not.
     */
open func heard(url: String, nonce: String)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_dpopnonces_heard(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(url),
        FfiConverterString.lower(nonce),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDpopNonces: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = DpopNonces

    public static func lift(_ handle: UInt64) throws -> DpopNonces {
        return DpopNonces(unsafeFromHandle: handle)
    }

    public static func lower(_ value: DpopNonces) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> DpopNonces {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: DpopNonces, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDpopNonces_lift(_ handle: UInt64) throws -> DpopNonces {
    return try FfiConverterTypeDpopNonces.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDpopNonces_lower(_ value: DpopNonces) -> UInt64 {
    return FfiConverterTypeDpopNonces.lower(value)
}






/**
 * A lock that is held until it is released or freed.
 */
public protocol FileLockProtocol: AnyObject, Sendable {

    /**
     * Gives the lock back now. May be called again.
     */
    func release() throws

}
/**
 * A lock that is held until it is released or freed.
 */
open class FileLock: FileLockProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_filelock(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_filelock(handle, $0) }
    }




    /**
     * Gives the lock back now. May be called again.
     */
open func release()throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filelock_release(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeFileLock: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = FileLock

    public static func lift(_ handle: UInt64) throws -> FileLock {
        return FileLock(unsafeFromHandle: handle)
    }

    public static func lower(_ value: FileLock) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> FileLock {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: FileLock, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFileLock_lift(_ handle: UInt64) throws -> FileLock {
    return try FfiConverterTypeFileLock.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFileLock_lower(_ value: FileLock) -> UInt64 {
    return FfiConverterTypeFileLock.lower(value)
}






/**
 * A folder with records, for programs on a desktop or a server. It holds no file open between its calls.
 * Every call may fail with `store_denied`, `store_insecure`, `store_full`, `store_busy` or `store_failed`, and
 * where it reads with `store_unreadable` (what cannot be read was set aside) or `store_newer`.
 */
public protocol FileStoreProtocol: AnyObject, Sendable {

    /**
     * Writes down that the data key of this folder is in the system's keyring. Whether it now says so; not,
     * where it was decided for a file meanwhile. Whoever makes the keyring's entry holds the lock of its
     * account from before looking for one until this has returned.
     */
    func decideKeyring() throws  -> Bool

    /**
     * The data key that is kept in a file beside the records; where the place is undecided, this decides it
     * and makes the key. It protects from other users, and is no encryption against a program of the same
     * user.
     */
    func fileKey() throws  -> DataKey

    /**
     * The folder, by its real path.
     */
    func folder() throws  -> String

    /**
     * Where the data key of this folder is.
     */
    func keyPlace() throws  -> KeyPlace

    /**
     * Reads what is stored under a key.
     */
    func load(key: String) throws  -> Stored?

    /**
     * Takes the lock of a key, waiting at most so many milliseconds; none: it is busy. Who wants to be able to
     * stop waiting asks for a short time, again and again. It is free again when it is released or the
     * process ends.
     */
    func lock(key: String, waitMs: UInt64) throws  -> FileLock?

    /**
     * Writes, or deletes where there is no value, if what is stored is still of that revision: 0 is that of
     * nothing, none stands for any. Whether it was done and has reached the disk.
     */
    func swap(key: String, revision: UInt64?, value: Data?) throws  -> Bool

}
/**
 * A folder with records, for programs on a desktop or a server. It holds no file open between its calls.
 * Every call may fail with `store_denied`, `store_insecure`, `store_full`, `store_busy` or `store_failed`, and
 * where it reads with `store_unreadable` (what cannot be read was set aside) or `store_newer`.
 */
open class FileStore: FileStoreProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_filestore(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_filestore(handle, $0) }
    }


    /**
     * Opens a folder, and makes it, for this user alone, if it is not there.
     */
public static func `open`(folder: String)throws  -> FileStore  {
    return try  FfiConverterTypeFileStore_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_filestore_open(
        FfiConverterString.lower(folder),uniffiCallStatus
    )
})
}



    /**
     * Writes down that the data key of this folder is in the system's keyring. Whether it now says so; not,
     * where it was decided for a file meanwhile. Whoever makes the keyring's entry holds the lock of its
     * account from before looking for one until this has returned.
     */
open func decideKeyring()throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filestore_decide_keyring(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The data key that is kept in a file beside the records; where the place is undecided, this decides it
     * and makes the key. It protects from other users, and is no encryption against a program of the same
     * user.
     */
open func fileKey()throws  -> DataKey  {
    return try  FfiConverterTypeDataKey_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filestore_file_key(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The folder, by its real path.
     */
open func folder()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filestore_folder(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Where the data key of this folder is.
     */
open func keyPlace()throws  -> KeyPlace  {
    return try  FfiConverterTypeKeyPlace_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filestore_key_place(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Reads what is stored under a key.
     */
open func load(key: String)throws  -> Stored?  {
    return try  FfiConverterOptionTypeStored.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filestore_load(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(key),uniffiCallStatus
    )
})
}

    /**
     * Takes the lock of a key, waiting at most so many milliseconds; none: it is busy. Who wants to be able to
     * stop waiting asks for a short time, again and again. It is free again when it is released or the
     * process ends.
     */
open func lock(key: String, waitMs: UInt64)throws  -> FileLock?  {
    return try  FfiConverterOptionTypeFileLock.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filestore_lock(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(key),
        FfiConverterUInt64.lower(waitMs),uniffiCallStatus
    )
})
}

    /**
     * Writes, or deletes where there is no value, if what is stored is still of that revision: 0 is that of
     * nothing, none stands for any. Whether it was done and has reached the disk.
     */
open func swap(key: String, revision: UInt64?, value: Data?)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_filestore_swap(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(key),
        FfiConverterOptionUInt64.lower(revision),
        FfiConverterOptionData.lower(value),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeFileStore: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = FileStore

    public static func lift(_ handle: UInt64) throws -> FileStore {
        return FileStore(unsafeFromHandle: handle)
    }

    public static func lower(_ value: FileStore) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> FileStore {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: FileStore, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFileStore_lift(_ handle: UInt64) throws -> FileStore {
    return try FfiConverterTypeFileStore.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFileStore_lower(_ value: FileStore) -> UInt64 {
    return FfiConverterTypeFileStore.lower(value)
}






/**
 * An authorization request that may be shown to the user. `Issue` uses it up.
 */
public protocol GrantRequestProtocol: AnyObject, Sendable {

    /**
     * It comes to nothing: where to send the browser (303), with the error. It holds the client's state. The
     * request is used up.
     */
    func decline(why: Decline, policy: Policy) throws  -> String

    /**
     * The user said no: where to send the browser (303), with `access_denied`. It holds the client's
     * state. The request is used up.
     */
    func deny(policy: Policy) throws  -> String

    /**
     * What the pages for signing in and for consent have to know.
     */
    func details() throws  -> RequestDetails

}
/**
 * An authorization request that may be shown to the user. `Issue` uses it up.
 */
open class GrantRequest: GrantRequestProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_grantrequest(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_grantrequest(handle, $0) }
    }




    /**
     * It comes to nothing: where to send the browser (303), with the error. It holds the client's state. The
     * request is used up.
     */
open func decline(why: Decline, policy: Policy)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_grantrequest_decline(
            self.uniffiCloneHandle(),
        FfiConverterTypeDecline_lower(why),
        FfiConverterTypePolicy_lower(policy),uniffiCallStatus
    )
})
}

    /**
     * The user said no: where to send the browser (303), with `access_denied`. It holds the client's
     * state. The request is used up.
     */
open func deny(policy: Policy)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_grantrequest_deny(
            self.uniffiCloneHandle(),
        FfiConverterTypePolicy_lower(policy),uniffiCallStatus
    )
})
}

    /**
     * What the pages for signing in and for consent have to know.
     */
open func details()throws  -> RequestDetails  {
    return try  FfiConverterTypeRequestDetails_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_grantrequest_details(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeGrantRequest: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = GrantRequest

    public static func lift(_ handle: UInt64) throws -> GrantRequest {
        return GrantRequest(unsafeFromHandle: handle)
    }

    public static func lower(_ value: GrantRequest) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> GrantRequest {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: GrantRequest, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGrantRequest_lift(_ handle: UInt64) throws -> GrantRequest {
    return try FfiConverterTypeGrantRequest.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGrantRequest_lower(_ value: GrantRequest) -> UInt64 {
    return FfiConverterTypeGrantRequest.lower(value)
}






/**
 * The flow. It puts one row; the code goes out only after the store has it.
 */
public protocol IssueProtocol: AnyObject, Sendable {

    /**
     * Takes what the store has done and says what it does next. Every error ends the flow.
     */
    func advance(event: StoreEvent) throws  -> StoreStep

    /**
     * Where to send the browser, once, after `Done`; else nothing.
     */
    func outcome() throws  -> IssueOutcome?

}
/**
 * The flow. It puts one row; the code goes out only after the store has it.
 */
open class Issue: IssueProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_issue(self.handle, $0) }
    }
    /**
     * Makes the flow and uses the request up; nothing happens until `Start`. `invalid_configuration` when
     * more was approved than was asked for.
     */
public convenience init(request: GrantRequest, approval: Approval, policy: Policy)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_issue_new(
        FfiConverterTypeGrantRequest_lower(request),
        FfiConverterTypeApproval_lower(approval),
        FfiConverterTypePolicy_lower(policy),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_issue(handle, $0) }
    }




    /**
     * Takes what the store has done and says what it does next. Every error ends the flow.
     */
open func advance(event: StoreEvent)throws  -> StoreStep  {
    return try  FfiConverterTypeStoreStep_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_issue_advance(
            self.uniffiCloneHandle(),
        FfiConverterTypeStoreEvent_lower(event),uniffiCallStatus
    )
})
}

    /**
     * Where to send the browser, once, after `Done`; else nothing.
     */
open func outcome()throws  -> IssueOutcome?  {
    return try  FfiConverterOptionTypeIssueOutcome.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_issue_outcome(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeIssue: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Issue

    public static func lift(_ handle: UInt64) throws -> Issue {
        return Issue(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Issue) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Issue {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Issue, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIssue_lift(_ handle: UInt64) throws -> Issue {
    return try FfiConverterTypeIssue.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIssue_lower(_ value: Issue) -> UInt64 {
    return FfiConverterTypeIssue.lower(value)
}






/**
 * A port on the loopback address that waits for redirects, until it is released or freed.
 */
public protocol LoopbackReceiverProtocol: AnyObject, Sendable {

    /**
     * Ends the wait that runs, at once, and every later one. May be called from any thread.
     */
    func cancel() throws

    /**
     * The port, never 0.
     */
    func port() throws  -> UInt16

    /**
     * The redirect URI to be sent in the authorization request.
     */
    func redirectUri() throws  -> String

    /**
     * Gives the port back now, not when the object is freed. A wait that runs ends as cancelled, and the
     * port is free when it has. May be called from any thread, and again.
     */
    func release() throws

    /**
     * Waits for the next redirect, for at most so many milliseconds. May be called again with what is left
     * of the deadline; redirects that came meanwhile are not lost.
     */
    func wait(deadlineMs: UInt64) throws  -> Received

}
/**
 * A port on the loopback address that waits for redirects, until it is released or freed.
 */
open class LoopbackReceiver: LoopbackReceiverProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_loopbackreceiver(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_loopbackreceiver(handle, $0) }
    }


    /**
     * Opens the port; 0 leaves the choice to the system. `port_in_use` for a fixed port that another
     * program holds, `listen_failed` for everything else that the system refuses, `loopback_unavailable`
     * where the library was built without the receiver, as for phones.
     */
public static func bind(host: LoopbackHost, port: UInt16, path: String)throws  -> LoopbackReceiver  {
    return try  FfiConverterTypeLoopbackReceiver_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_loopbackreceiver_bind(
        FfiConverterTypeLoopbackHost_lower(host),
        FfiConverterUInt16.lower(port),
        FfiConverterString.lower(path),uniffiCallStatus
    )
})
}



    /**
     * Ends the wait that runs, at once, and every later one. May be called from any thread.
     */
open func cancel()throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_loopbackreceiver_cancel(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}

    /**
     * The port, never 0.
     */
open func port()throws  -> UInt16  {
    return try  FfiConverterUInt16.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_loopbackreceiver_port(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The redirect URI to be sent in the authorization request.
     */
open func redirectUri()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_loopbackreceiver_redirect_uri(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Gives the port back now, not when the object is freed. A wait that runs ends as cancelled, and the
     * port is free when it has. May be called from any thread, and again.
     */
open func release()throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_loopbackreceiver_release(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}

    /**
     * Waits for the next redirect, for at most so many milliseconds. May be called again with what is left
     * of the deadline; redirects that came meanwhile are not lost.
     */
open func wait(deadlineMs: UInt64)throws  -> Received  {
    return try  FfiConverterTypeReceived_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_loopbackreceiver_wait(
            self.uniffiCloneHandle(),
        FfiConverterUInt64.lower(deadlineMs),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeLoopbackReceiver: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = LoopbackReceiver

    public static func lift(_ handle: UInt64) throws -> LoopbackReceiver {
        return LoopbackReceiver(unsafeFromHandle: handle)
    }

    public static func lower(_ value: LoopbackReceiver) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LoopbackReceiver {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: LoopbackReceiver, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeLoopbackReceiver_lift(_ handle: UInt64) throws -> LoopbackReceiver {
    return try FfiConverterTypeLoopbackReceiver.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeLoopbackReceiver_lower(_ value: LoopbackReceiver) -> UInt64 {
    return FfiConverterTypeLoopbackReceiver.lower(value)
}






/**
 * One pending sign-in. It is used once: after a redirect that is ours, whatever it says, and after
 * `discard`, every call is `flow_ended`.
 */
public protocol PkceSessionProtocol: AnyObject, Sendable {

    /**
     * The URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never
     * the verifier.
     */
    func authorizationUrl() throws  -> String

    /**
     * Judges a redirect: the whole URI as it arrived, undecoded. An error is final, and the session is
     * over.
     */
    func complete(redirect: String) throws  -> Completion

    /**
     * Ends the session unused and wipes its secrets now. May be called again.
     */
    func discard() throws

    /**
     * The session as bytes that may lie on a disk, sealed under this key: for a platform that may end the
     * program while the user is at the browser. Until `expires_at`, in seconds since the epoch, they can
     * be opened again by one who names the same issuer, client and redirect URI. Who opens them deletes them
     * first, so that of two that try one succeeds.
     */
    func seal(key: DataKey, expiresAt: UInt64) throws  -> Data

}
/**
 * One pending sign-in. It is used once: after a redirect that is ours, whatever it says, and after
 * `discard`, every call is `flow_ended`.
 */
open class PkceSession: PkceSessionProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_pkcesession(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_pkcesession(handle, $0) }
    }


    /**
     * Begins: checks the request, then draws verifier, state and nonce from the system's generator.
     * `invalid_configuration` names the field that cannot be used.
     */
public static func begin(request: AuthorizationRequest)throws  -> PkceSession  {
    return try  FfiConverterTypePkceSession_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_pkcesession_begin(
        FfiConverterTypeAuthorizationRequest_lower(request),uniffiCallStatus
    )
})
}

    /**
     * Opens what `seal` made. `now` is in seconds since the epoch. `record_unreadable` where the bytes were
     * changed, sealed with another key, or belong to another issuer, client or redirect URI;
     * `session_expired`.
     */
public static func `open`(key: DataKey, sealed: Data, issuer: String, clientId: String, redirectUri: String, now: UInt64)throws  -> PkceSession  {
    return try  FfiConverterTypePkceSession_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_pkcesession_open(
        FfiConverterTypeDataKey_lower(key),
        FfiConverterData.lower(sealed),
        FfiConverterString.lower(issuer),
        FfiConverterString.lower(clientId),
        FfiConverterString.lower(redirectUri),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}



    /**
     * The URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never
     * the verifier.
     */
open func authorizationUrl()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_pkcesession_authorization_url(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Judges a redirect: the whole URI as it arrived, undecoded. An error is final, and the session is
     * over.
     */
open func complete(redirect: String)throws  -> Completion  {
    return try  FfiConverterTypeCompletion_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_pkcesession_complete(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(redirect),uniffiCallStatus
    )
})
}

    /**
     * Ends the session unused and wipes its secrets now. May be called again.
     */
open func discard()throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_pkcesession_discard(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}

    /**
     * The session as bytes that may lie on a disk, sealed under this key: for a platform that may end the
     * program while the user is at the browser. Until `expires_at`, in seconds since the epoch, they can
     * be opened again by one who names the same issuer, client and redirect URI. Who opens them deletes them
     * first, so that of two that try one succeeds.
     */
open func seal(key: DataKey, expiresAt: UInt64)throws  -> Data  {
    return try  FfiConverterData.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_pkcesession_seal(
            self.uniffiCloneHandle(),
        FfiConverterTypeDataKey_lower(key),
        FfiConverterUInt64.lower(expiresAt),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypePkceSession: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = PkceSession

    public static func lift(_ handle: UInt64) throws -> PkceSession {
        return PkceSession(unsafeFromHandle: handle)
    }

    public static func lower(_ value: PkceSession) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> PkceSession {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: PkceSession, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePkceSession_lift(_ handle: UInt64) throws -> PkceSession {
    return try FfiConverterTypePkceSession.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePkceSession_lower(_ value: PkceSession) -> UInt64 {
    return FfiConverterTypePkceSession.lower(value)
}






/**
 * The flow. Its outcome is the whole answer of the token endpoint; errors are for mistakes of the driver
 * and a failing generator only.
 */
public protocol RedeemProtocol: AnyObject, Sendable {

    /**
     * Takes what the store has done and says what it does next. Every error ends the flow, and nothing is
     * issued.
     */
    func advance(event: StoreEvent) throws  -> StoreStep

    /**
     * The answer of the token endpoint, once, after `Done`; else nothing.
     */
    func outcome() throws  -> TokenAnswer?

}
/**
 * The flow. Its outcome is the whole answer of the token endpoint; errors are for mistakes of the driver
 * and a failing generator only.
 */
open class Redeem: RedeemProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_redeem(self.handle, $0) }
    }
    /**
     * Makes the flow from a token request: body, `Content-Type` and `Authorization` as they came.
     * Nothing happens until `Start`. With `proof` the flow judges the request's proof of possession before all else
     * (RFC 9449 §5) and has the store remember it; without one it knows of none. `invalid_configuration` for a
     * policy or rules that cannot be used.
     */
public convenience init(body: Data, contentType: String?, authorization: String?, policy: Policy, proof: RequestProof? = nil)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_redeem_new(
        FfiConverterData.lower(body),
        FfiConverterOptionString.lower(contentType),
        FfiConverterOptionString.lower(authorization),
        FfiConverterTypePolicy_lower(policy),
        FfiConverterOptionTypeRequestProof.lower(proof),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_redeem(handle, $0) }
    }




    /**
     * Takes what the store has done and says what it does next. Every error ends the flow, and nothing is
     * issued.
     */
open func advance(event: StoreEvent)throws  -> StoreStep  {
    return try  FfiConverterTypeStoreStep_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_redeem_advance(
            self.uniffiCloneHandle(),
        FfiConverterTypeStoreEvent_lower(event),uniffiCallStatus
    )
})
}

    /**
     * The answer of the token endpoint, once, after `Done`; else nothing.
     */
open func outcome()throws  -> TokenAnswer?  {
    return try  FfiConverterOptionTypeTokenAnswer.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_redeem_outcome(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRedeem: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Redeem

    public static func lift(_ handle: UInt64) throws -> Redeem {
        return Redeem(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Redeem) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Redeem {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Redeem, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRedeem_lift(_ handle: UInt64) throws -> Redeem {
    return try FfiConverterTypeRedeem.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRedeem_lower(_ value: Redeem) -> UInt64 {
    return FfiConverterTypeRedeem.lower(value)
}






/**
 * One request of the program. It remembers what was tried: one repetition for a nonce with each token, one
 * refresh, two sign-ins.
 */
public protocol ResourceCallProtocol: AnyObject, Sendable {

    /**
     * What an answer means: its status, its `WWW-Authenticate` fields, and the scopes that the token's last
     * sign-in asked for and was granted. Where nothing more is tried: `scope_ceiling`, `step_up_refused`.
     */
    func answered(status: UInt16, wwwAuthenticate: [String], requestedScopes: [String], grantedScopes: [String]) throws  -> Reaction

}
/**
 * One request of the program. It remembers what was tried: one repetition for a nonce with each token, one
 * refresh, two sign-ins.
 */
open class ResourceCall: ResourceCallProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_resourcecall(self.handle, $0) }
    }
    /**
     * A request that was not answered yet. `ceiling` is the scopes that may be asked for without the caller's
     * word; none: whatever the resource demands.
     */
public convenience init(ceiling: [String]?)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_resourcecall_new(
        FfiConverterOptionSequenceString.lower(ceiling),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_resourcecall(handle, $0) }
    }




    /**
     * What an answer means: its status, its `WWW-Authenticate` fields, and the scopes that the token's last
     * sign-in asked for and was granted. Where nothing more is tried: `scope_ceiling`, `step_up_refused`.
     */
open func answered(status: UInt16, wwwAuthenticate: [String], requestedScopes: [String], grantedScopes: [String])throws  -> Reaction  {
    return try  FfiConverterTypeReaction_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_resourcecall_answered(
            self.uniffiCloneHandle(),
        FfiConverterUInt16.lower(status),
        FfiConverterSequenceString.lower(wwwAuthenticate),
        FfiConverterSequenceString.lower(requestedScopes),
        FfiConverterSequenceString.lower(grantedScopes),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeResourceCall: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = ResourceCall

    public static func lift(_ handle: UInt64) throws -> ResourceCall {
        return ResourceCall(unsafeFromHandle: handle)
    }

    public static func lower(_ value: ResourceCall) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ResourceCall {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: ResourceCall, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeResourceCall_lift(_ handle: UInt64) throws -> ResourceCall {
    return try FfiConverterTypeResourceCall.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeResourceCall_lower(_ value: ResourceCall) -> UInt64 {
    return FfiConverterTypeResourceCall.lower(value)
}






/**
 * The flow. With a token its grant ends, and with that every token of the grant. Its outcome is the whole
 * answer of the revocation endpoint.
 */
public protocol RevokeTokenProtocol: AnyObject, Sendable {

    /**
     * Takes what the store has done and says what it does next. Every error ends the flow.
     */
    func advance(event: StoreEvent) throws  -> StoreStep

    /**
     * The answer of the revocation endpoint, once, after `Done`; else nothing.
     */
    func outcome() throws  -> TokenAnswer?

}
/**
 * The flow. With a token its grant ends, and with that every token of the grant. Its outcome is the whole
 * answer of the revocation endpoint.
 */
open class RevokeToken: RevokeTokenProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_revoketoken(self.handle, $0) }
    }
    /**
     * Makes the flow from a revocation request: body, `Content-Type` and `Authorization` as they came.
     * Nothing happens until `Start`.
     */
public convenience init(body: Data, contentType: String?, authorization: String?)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_revoketoken_new(
        FfiConverterData.lower(body),
        FfiConverterOptionString.lower(contentType),
        FfiConverterOptionString.lower(authorization),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_revoketoken(handle, $0) }
    }




    /**
     * Takes what the store has done and says what it does next. Every error ends the flow.
     */
open func advance(event: StoreEvent)throws  -> StoreStep  {
    return try  FfiConverterTypeStoreStep_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_revoketoken_advance(
            self.uniffiCloneHandle(),
        FfiConverterTypeStoreEvent_lower(event),uniffiCallStatus
    )
})
}

    /**
     * The answer of the revocation endpoint, once, after `Done`; else nothing.
     */
open func outcome()throws  -> TokenAnswer?  {
    return try  FfiConverterOptionTypeTokenAnswer.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_revoketoken_outcome(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRevokeToken: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = RevokeToken

    public static func lift(_ handle: UInt64) throws -> RevokeToken {
        return RevokeToken(unsafeFromHandle: handle)
    }

    public static func lower(_ value: RevokeToken) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> RevokeToken {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: RevokeToken, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRevokeToken_lift(_ handle: UInt64) throws -> RevokeToken {
    return try FfiConverterTypeRevokeToken.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRevokeToken_lower(_ value: RevokeToken) -> UInt64 {
    return FfiConverterTypeRevokeToken.lower(value)
}






/**
 * The sign-in flow. The first event is `Start`; each call does one step, and an error ends the flow.
 */
public protocol SignInProtocol: AnyObject, Sendable {

    /**
     * Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
     * ends the flow; every later event is answered by `flow_ended`.
     */
    func advance(event: Event, now: UInt64) throws  -> Step

    /**
     * The tokens, once, after `Done`; else nothing.
     */
    func outcome() throws  -> TokenSet?

}
/**
 * The sign-in flow. The first event is `Start`; each call does one step, and an error ends the flow.
 */
open class SignIn: SignInProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_signin(self.handle, $0) }
    }
    /**
     * Makes the flow; nothing happens until `Start`. `invalid_configuration` names the field that cannot
     * be used.
     */
public convenience init(config: SignInConfig)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_constructor_signin_new(
        FfiConverterTypeSignInConfig_lower(config),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_signin(handle, $0) }
    }




    /**
     * Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
     * ends the flow; every later event is answered by `flow_ended`.
     */
open func advance(event: Event, now: UInt64)throws  -> Step  {
    return try  FfiConverterTypeStep_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_signin_advance(
            self.uniffiCloneHandle(),
        FfiConverterTypeEvent_lower(event),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}

    /**
     * The tokens, once, after `Done`; else nothing.
     */
open func outcome()throws  -> TokenSet?  {
    return try  FfiConverterOptionTypeTokenSet.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_signin_outcome(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSignIn: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = SignIn

    public static func lift(_ handle: UInt64) throws -> SignIn {
        return SignIn(unsafeFromHandle: handle)
    }

    public static func lower(_ value: SignIn) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SignIn {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: SignIn, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSignIn_lift(_ handle: UInt64) throws -> SignIn {
    return try FfiConverterTypeSignIn.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSignIn_lower(_ value: SignIn) -> UInt64 {
    return FfiConverterTypeSignIn.lower(value)
}






/**
 * A code and the verifier that redeems it. It reads one answer; then every call is `flow_ended`.
 */
public protocol TokenRequestProtocol: AnyObject, Sendable {

    /**
     * The token request (RFC 6749 §4.1.3, RFC 7636 §4.5). Send it once: a code is never tried twice.
     */
    func httpRequest() throws  -> HttpRequest

    /**
     * Reads the answer of the token endpoint. `now` is in seconds since the epoch.
     */
    func tokens(response: HttpResponse, now: UInt64) throws  -> TokenSet

}
/**
 * A code and the verifier that redeems it. It reads one answer; then every call is `flow_ended`.
 */
open class TokenRequest: TokenRequestProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_tokenrequest(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_tokenrequest(handle, $0) }
    }




    /**
     * The token request (RFC 6749 §4.1.3, RFC 7636 §4.5). Send it once: a code is never tried twice.
     */
open func httpRequest()throws  -> HttpRequest  {
    return try  FfiConverterTypeHttpRequest_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenrequest_http_request(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Reads the answer of the token endpoint. `now` is in seconds since the epoch.
     */
open func tokens(response: HttpResponse, now: UInt64)throws  -> TokenSet  {
    return try  FfiConverterTypeTokenSet_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenrequest_tokens(
            self.uniffiCloneHandle(),
        FfiConverterTypeHttpResponse_lower(response),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTokenRequest: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = TokenRequest

    public static func lift(_ handle: UInt64) throws -> TokenRequest {
        return TokenRequest(unsafeFromHandle: handle)
    }

    public static func lower(_ value: TokenRequest) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TokenRequest {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: TokenRequest, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenRequest_lift(_ handle: UInt64) throws -> TokenRequest {
    return try FfiConverterTypeTokenRequest.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenRequest_lower(_ value: TokenRequest) -> UInt64 {
    return FfiConverterTypeTokenRequest.lower(value)
}






/**
 * The tokens of one sign-in. It shows nothing of them; they are wiped when it is freed.
 */
public protocol TokenSetProtocol: AnyObject, Sendable {

    /**
     * The value of the header field `Authorization` for a request to `url` (RFC 6750 §2.1), while the access
     * token is fresh at `now`, in seconds since the epoch; nothing when it must be refreshed first.
     * `wrong_resource` where `url` does not lie in the resource that the token is for, or the token is for
     * none. Copies made of it are the caller's to wipe.
     */
    func authorization(url: String, now: UInt64) throws  -> String?

    /**
     * The authorization details that were granted (RFC 9396 §7), as the JSON text of the answer; none where
     * it has none.
     */
    func authorizationDetails() throws  -> String?

    /**
     * As `authorization`, fresh or not: for tokens that a flow has just given. They are the best that there
     * are, and the resource says whether they will do. Copies made of it are the caller's to wipe.
     */
    func authorizationNow(url: String) throws  -> String

    /**
     * The header fields for a request with this method to `url`: `Authorization`, and where the token is bound
     * to a key a proof of its possession, made for this one request (RFC 9449 §7.1). `Stale` where the access
     * token is not fresh at `now`, in seconds since the epoch. `nonces` are the client's. Errors as of
     * `authorization`, and `signing_failed`.
     */
    func authorize(method: String, url: String, now: UInt64, nonces: DpopNonces?) throws  -> Authorized

    /**
     * As `authorize`, fresh or not: for tokens that a flow has just given.
     */
    func authorizeNow(method: String, url: String, now: UInt64, nonces: DpopNonces?) throws  -> Authorized

    /**
     * Whom they were issued to.
     */
    func clientId() throws  -> String

    /**
     * When the access token expires, in seconds since the epoch by the clock that was given; none
     * where the server did not say.
     */
    func expiresAt() throws  -> UInt64?

    /**
     * The access token, for the header `Authorization: Bearer …` of requests to its resource and to no
     * other. Copies made of it are the caller's to wipe.
     */
    func exposeAccessToken() throws  -> String

    /**
     * The refresh token, if the server issued one. Copies made of it are the caller's to wipe.
     */
    func exposeRefreshToken() throws  -> String?

    /**
     * SHA-256 of the access token, 32 bytes: names it without showing it.
     */
    func fingerprint() throws  -> Data

    /**
     * Who signed in, where the scope `openid` was asked for and the server's ID token was verified.
     */
    func identity() throws  -> Identity?

    /**
     * Whether the access token can still be used at `now`, in seconds since the epoch: it does not expire
     * within the next minute or so, nor within the last quarter of a short life.
     */
    func isFresh(now: UInt64) throws  -> Bool

    /**
     * Who issued them.
     */
    func issuer() throws  -> String

    /**
     * The types of the authorization details that were asked for and of which none was granted (RFC 9396 §7), each
     * once, in their order. Entries of one type may still differ from what was asked for.
     */
    func missingAuthorizationDetails() throws  -> [String]

    /**
     * The scopes that were asked for and not granted, in their order.
     */
    func missingScopes() throws  -> [String]

    /**
     * The scopes that the last sign-in asked for.
     */
    func requestedScopes() throws  -> [String]

    /**
     * The resource that was asked for (RFC 8707).
     */
    func resource() throws  -> String?

    /**
     * The scopes that were granted: the server's, or those asked for where it named none
     * (RFC 6749 §5.1).
     */
    func scopes() throws  -> [String]

    /**
     * The type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
     */
    func tokenType() throws  -> String

}
/**
 * The tokens of one sign-in. It shows nothing of them; they are wiped when it is freed.
 */
open class TokenSet: TokenSetProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_tokenset(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_tokenset(handle, $0) }
    }




    /**
     * The value of the header field `Authorization` for a request to `url` (RFC 6750 §2.1), while the access
     * token is fresh at `now`, in seconds since the epoch; nothing when it must be refreshed first.
     * `wrong_resource` where `url` does not lie in the resource that the token is for, or the token is for
     * none. Copies made of it are the caller's to wipe.
     */
open func authorization(url: String, now: UInt64)throws  -> String?  {
    return try  FfiConverterOptionString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_authorization(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(url),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}

    /**
     * The authorization details that were granted (RFC 9396 §7), as the JSON text of the answer; none where
     * it has none.
     */
open func authorizationDetails()throws  -> String?  {
    return try  FfiConverterOptionString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_authorization_details(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * As `authorization`, fresh or not: for tokens that a flow has just given. They are the best that there
     * are, and the resource says whether they will do. Copies made of it are the caller's to wipe.
     */
open func authorizationNow(url: String)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_authorization_now(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(url),uniffiCallStatus
    )
})
}

    /**
     * The header fields for a request with this method to `url`: `Authorization`, and where the token is bound
     * to a key a proof of its possession, made for this one request (RFC 9449 §7.1). `Stale` where the access
     * token is not fresh at `now`, in seconds since the epoch. `nonces` are the client's. Errors as of
     * `authorization`, and `signing_failed`.
     */
open func authorize(method: String, url: String, now: UInt64, nonces: DpopNonces?)throws  -> Authorized  {
    return try  FfiConverterTypeAuthorized_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_authorize(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(method),
        FfiConverterString.lower(url),
        FfiConverterUInt64.lower(now),
        FfiConverterOptionTypeDpopNonces.lower(nonces),uniffiCallStatus
    )
})
}

    /**
     * As `authorize`, fresh or not: for tokens that a flow has just given.
     */
open func authorizeNow(method: String, url: String, now: UInt64, nonces: DpopNonces?)throws  -> Authorized  {
    return try  FfiConverterTypeAuthorized_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_authorize_now(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(method),
        FfiConverterString.lower(url),
        FfiConverterUInt64.lower(now),
        FfiConverterOptionTypeDpopNonces.lower(nonces),uniffiCallStatus
    )
})
}

    /**
     * Whom they were issued to.
     */
open func clientId()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_client_id(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * When the access token expires, in seconds since the epoch by the clock that was given; none
     * where the server did not say.
     */
open func expiresAt()throws  -> UInt64?  {
    return try  FfiConverterOptionUInt64.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_expires_at(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The access token, for the header `Authorization: Bearer …` of requests to its resource and to no
     * other. Copies made of it are the caller's to wipe.
     */
open func exposeAccessToken()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_expose_access_token(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The refresh token, if the server issued one. Copies made of it are the caller's to wipe.
     */
open func exposeRefreshToken()throws  -> String?  {
    return try  FfiConverterOptionString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_expose_refresh_token(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * SHA-256 of the access token, 32 bytes: names it without showing it.
     */
open func fingerprint()throws  -> Data  {
    return try  FfiConverterData.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_fingerprint(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Who signed in, where the scope `openid` was asked for and the server's ID token was verified.
     */
open func identity()throws  -> Identity?  {
    return try  FfiConverterOptionTypeIdentity.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_identity(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Whether the access token can still be used at `now`, in seconds since the epoch: it does not expire
     * within the next minute or so, nor within the last quarter of a short life.
     */
open func isFresh(now: UInt64)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_is_fresh(
            self.uniffiCloneHandle(),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}

    /**
     * Who issued them.
     */
open func issuer()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_issuer(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The types of the authorization details that were asked for and of which none was granted (RFC 9396 §7), each
     * once, in their order. Entries of one type may still differ from what was asked for.
     */
open func missingAuthorizationDetails()throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_missing_authorization_details(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The scopes that were asked for and not granted, in their order.
     */
open func missingScopes()throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_missing_scopes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The scopes that the last sign-in asked for.
     */
open func requestedScopes()throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_requested_scopes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The resource that was asked for (RFC 8707).
     */
open func resource()throws  -> String?  {
    return try  FfiConverterOptionString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_resource(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The scopes that were granted: the server's, or those asked for where it named none
     * (RFC 6749 §5.1).
     */
open func scopes()throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_scopes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
     */
open func tokenType()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_token_type(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenset_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTokenSet: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = TokenSet

    public static func lift(_ handle: UInt64) throws -> TokenSet {
        return TokenSet(unsafeFromHandle: handle)
    }

    public static func lower(_ value: TokenSet) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TokenSet {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: TokenSet, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenSet_lift(_ handle: UInt64) throws -> TokenSet {
    return try FfiConverterTypeTokenSet.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenSet_lower(_ value: TokenSet) -> UInt64 {
    return FfiConverterTypeTokenSet.lower(value)
}






/**
 * A request whose proof the platform's key has yet to sign. It is used once.
 */
public protocol UnsignedProofProtocol: AnyObject, Sendable {

    /**
     * The header fields, with this signature: 64 bytes (RFC 7518 §3.4) or DER. `signing_failed` where the
     * bytes are no signature, or one was given before.
     */
    func signed(signature: Data) throws  -> AuthorizationFields

}
/**
 * A request whose proof the platform's key has yet to sign. It is used once.
 */
open class UnsignedProof: UnsignedProofProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_proofkey_uniffi_fn_clone_unsignedproof(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_proofkey_uniffi_fn_free_unsignedproof(handle, $0) }
    }




    /**
     * The header fields, with this signature: 64 bytes (RFC 7518 §3.4) or DER. `signing_failed` where the
     * bytes are no signature, or one was given before.
     */
open func signed(signature: Data)throws  -> AuthorizationFields  {
    return try  FfiConverterTypeAuthorizationFields_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_unsignedproof_signed(
            self.uniffiCloneHandle(),
        FfiConverterData.lower(signature),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeUnsignedProof: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = UnsignedProof

    public static func lift(_ handle: UInt64) throws -> UnsignedProof {
        return UnsignedProof(unsafeFromHandle: handle)
    }

    public static func lower(_ value: UnsignedProof) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UnsignedProof {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: UnsignedProof, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeUnsignedProof_lift(_ handle: UInt64) throws -> UnsignedProof {
    return try FfiConverterTypeUnsignedProof.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeUnsignedProof_lower(_ value: UnsignedProof) -> UInt64 {
    return FfiConverterTypeUnsignedProof.lower(value)
}




/**
 * What the flow needs to know. An address is enough: `issuer` or `resource`.
 */
public struct AccessConfig: Equatable, Hashable {
    /**
     * The authorization server's identifier, where it is known. With a resource that names its issuers it
     * must be one of them.
     */
    public let issuer: String?
    /**
     * The protected resource, an MCP server for instance: the tokens are for it alone (RFC 8707).
     */
    public let resource: String?
    /**
     * The endpoints of the issuer, where its metadata is not to be asked.
     */
    public let endpoints: Endpoints?
    /**
     * The client's identifier, where it was registered beforehand.
     */
    public let clientId: String?
    /**
     * The address of the client's metadata document, for servers that take it as the identifier.
     */
    public let clientDocument: String?
    /**
     * The client's name: with it the client is registered dynamically (RFC 7591) where there is no other way.
     */
    public let clientName: String?
    /**
     * The scopes to ask for; where there are none, those that the resource demands or lists.
     */
    public let scopes: [String]
    /**
     * The scopes that no sign-in goes beyond, whoever names more: what is only listed and lies above is left out, what
     * is demanded by name ends the sign-in (`scope_ceiling`). `offline_access` is a scope like others. Without a
     * ceiling there is no limit. A `ResourceCall` is made with the same.
     */
    public let scopeCeiling: [String]?
    /**
     * Which of several accounts of the user this is; a name that the program chooses.
     */
    public let account: String?
    /**
     * Where the redirect arrives.
     */
    public let redirect: RedirectTarget
    /**
     * Whether nothing listens and the user pastes the address that the browser ends at.
     */
    public let paste: Bool
    /**
     * How long the user may take, in milliseconds; from 1 s to 1 h.
     */
    public let browseTimeoutMs: UInt64
    /**
     * More parameters of the authorization request; none may stand in for one that ProofKey sets.
     */
    public let extraParameters: [Parameter]
    /**
     * The issuers that may leave S256 out of their metadata, by name.
     */
    public let allowMissingS256: [String]
    /**
     * Whether a pending sign-in is kept, so that `Resume` can take it up.
     */
    public let resumable: Bool
    /**
     * Whether the tokens are bound to a key (RFC 9449).
     */
    public let dpop: Dpop
    /**
     * The name of a key that the platform keeps and signs with; without one a key is made for each
     * sign-in and kept with its tokens.
     */
    public let dpopKey: String?
    /**
     * Whether the authorization request is pushed also to servers that only offer it (RFC 9126); those
     * that require it get it so in any case.
     */
    public let push: Bool

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The authorization server's identifier, where it is known. With a resource that names its issuers it
         * must be one of them.
         */issuer: String?,
        /**
         * The protected resource, an MCP server for instance: the tokens are for it alone (RFC 8707).
         */resource: String?,
        /**
         * The endpoints of the issuer, where its metadata is not to be asked.
         */endpoints: Endpoints?,
        /**
         * The client's identifier, where it was registered beforehand.
         */clientId: String?,
        /**
         * The address of the client's metadata document, for servers that take it as the identifier.
         */clientDocument: String?,
        /**
         * The client's name: with it the client is registered dynamically (RFC 7591) where there is no other way.
         */clientName: String?,
        /**
         * The scopes to ask for; where there are none, those that the resource demands or lists.
         */scopes: [String],
        /**
         * The scopes that no sign-in goes beyond, whoever names more: what is only listed and lies above is left out, what
         * is demanded by name ends the sign-in (`scope_ceiling`). `offline_access` is a scope like others. Without a
         * ceiling there is no limit. A `ResourceCall` is made with the same.
         */scopeCeiling: [String]? = nil,
        /**
         * Which of several accounts of the user this is; a name that the program chooses.
         */account: String?,
        /**
         * Where the redirect arrives.
         */redirect: RedirectTarget,
        /**
         * Whether nothing listens and the user pastes the address that the browser ends at.
         */paste: Bool,
        /**
         * How long the user may take, in milliseconds; from 1 s to 1 h.
         */browseTimeoutMs: UInt64,
        /**
         * More parameters of the authorization request; none may stand in for one that ProofKey sets.
         */extraParameters: [Parameter],
        /**
         * The issuers that may leave S256 out of their metadata, by name.
         */allowMissingS256: [String],
        /**
         * Whether a pending sign-in is kept, so that `Resume` can take it up.
         */resumable: Bool,
        /**
         * Whether the tokens are bound to a key (RFC 9449).
         */dpop: Dpop,
        /**
         * The name of a key that the platform keeps and signs with; without one a key is made for each
         * sign-in and kept with its tokens.
         */dpopKey: String? = nil,
        /**
         * Whether the authorization request is pushed also to servers that only offer it (RFC 9126); those
         * that require it get it so in any case.
         */push: Bool = false) {
        self.issuer = issuer
        self.resource = resource
        self.endpoints = endpoints
        self.clientId = clientId
        self.clientDocument = clientDocument
        self.clientName = clientName
        self.scopes = scopes
        self.scopeCeiling = scopeCeiling
        self.account = account
        self.redirect = redirect
        self.paste = paste
        self.browseTimeoutMs = browseTimeoutMs
        self.extraParameters = extraParameters
        self.allowMissingS256 = allowMissingS256
        self.resumable = resumable
        self.dpop = dpop
        self.dpopKey = dpopKey
        self.push = push
    }




}

#if compiler(>=6)
extension AccessConfig: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAccessConfig: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AccessConfig {
        return
            try AccessConfig(
                issuer: FfiConverterOptionString.read(from: &buf),
                resource: FfiConverterOptionString.read(from: &buf),
                endpoints: FfiConverterOptionTypeEndpoints.read(from: &buf),
                clientId: FfiConverterOptionString.read(from: &buf),
                clientDocument: FfiConverterOptionString.read(from: &buf),
                clientName: FfiConverterOptionString.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf),
                scopeCeiling: FfiConverterOptionSequenceString.read(from: &buf),
                account: FfiConverterOptionString.read(from: &buf),
                redirect: FfiConverterTypeRedirectTarget.read(from: &buf),
                paste: FfiConverterBool.read(from: &buf),
                browseTimeoutMs: FfiConverterUInt64.read(from: &buf),
                extraParameters: FfiConverterSequenceTypeParameter.read(from: &buf),
                allowMissingS256: FfiConverterSequenceString.read(from: &buf),
                resumable: FfiConverterBool.read(from: &buf),
                dpop: FfiConverterTypeDpop.read(from: &buf),
                dpopKey: FfiConverterOptionString.read(from: &buf),
                push: FfiConverterBool.read(from: &buf)
        )
    }

    public static func write(_ value: AccessConfig, into buf: inout [UInt8]) {
        FfiConverterOptionString.write(value.issuer, into: &buf)
        FfiConverterOptionString.write(value.resource, into: &buf)
        FfiConverterOptionTypeEndpoints.write(value.endpoints, into: &buf)
        FfiConverterOptionString.write(value.clientId, into: &buf)
        FfiConverterOptionString.write(value.clientDocument, into: &buf)
        FfiConverterOptionString.write(value.clientName, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionSequenceString.write(value.scopeCeiling, into: &buf)
        FfiConverterOptionString.write(value.account, into: &buf)
        FfiConverterTypeRedirectTarget.write(value.redirect, into: &buf)
        FfiConverterBool.write(value.paste, into: &buf)
        FfiConverterUInt64.write(value.browseTimeoutMs, into: &buf)
        FfiConverterSequenceTypeParameter.write(value.extraParameters, into: &buf)
        FfiConverterSequenceString.write(value.allowMissingS256, into: &buf)
        FfiConverterBool.write(value.resumable, into: &buf)
        FfiConverterTypeDpop.write(value.dpop, into: &buf)
        FfiConverterOptionString.write(value.dpopKey, into: &buf)
        FfiConverterBool.write(value.push, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccessConfig_lift(_ buf: RustBuffer) throws -> AccessConfig {
    return try FfiConverterTypeAccessConfig.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccessConfig_lower(_ value: AccessConfig) -> RustBuffer {
    return FfiConverterTypeAccessConfig.lower(value)
}


/**
 * What came of the flow.
 */
public struct AccessOutcome: CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The tokens; none after `SignOut`.
     */
    public let tokens: TokenSet?
    /**
     * Where they came from; none after `SignOut`.
     */
    public let source: Source?
    /**
     * Whether the store holds what is given here, or after `SignOut` nothing more.
     */
    public let stored: Bool
    /**
     * After `SignOut`: whether the server has revoked them; none where there were no tokens.
     */
    public let revoked: Bool?
    /**
     * What went wrong without ending the flow: why a refresh failed while the old token is still good, why
     * tokens could not be stored, why the server did not revoke.
     */
    public let warning: Warning?
    /**
     * After `SignOut`: where the user's browser ends the session that it may still have with the server
     * (OpenID Connect RP-Initiated Logout §2). Opening it is the program's part. It holds the ID token, so it
     * belongs into the browser and into no log.
     */
    public let endSessionUrl: String?
    /**
     * What was discovered, for the next flow.
     */
    public let discovered: Discovered?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The tokens; none after `SignOut`.
         */tokens: TokenSet?,
        /**
         * Where they came from; none after `SignOut`.
         */source: Source?,
        /**
         * Whether the store holds what is given here, or after `SignOut` nothing more.
         */stored: Bool,
        /**
         * After `SignOut`: whether the server has revoked them; none where there were no tokens.
         */revoked: Bool?,
        /**
         * What went wrong without ending the flow: why a refresh failed while the old token is still good, why
         * tokens could not be stored, why the server did not revoke.
         */warning: Warning?,
        /**
         * After `SignOut`: where the user's browser ends the session that it may still have with the server
         * (OpenID Connect RP-Initiated Logout §2). Opening it is the program's part. It holds the ID token, so it
         * belongs into the browser and into no log.
         */endSessionUrl: String?,
        /**
         * What was discovered, for the next flow.
         */discovered: Discovered?) {
        self.tokens = tokens
        self.source = source
        self.stored = stored
        self.revoked = revoked
        self.warning = warning
        self.endSessionUrl = endSessionUrl
        self.discovered = discovered
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_accessoutcome_uniffi_trait_debug(
            FfiConverterTypeAccessOutcome_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_accessoutcome_uniffi_trait_display(
            FfiConverterTypeAccessOutcome_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension AccessOutcome: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAccessOutcome: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AccessOutcome {
        return
            try AccessOutcome(
                tokens: FfiConverterOptionTypeTokenSet.read(from: &buf),
                source: FfiConverterOptionTypeSource.read(from: &buf),
                stored: FfiConverterBool.read(from: &buf),
                revoked: FfiConverterOptionBool.read(from: &buf),
                warning: FfiConverterOptionTypeWarning.read(from: &buf),
                endSessionUrl: FfiConverterOptionString.read(from: &buf),
                discovered: FfiConverterOptionTypeDiscovered.read(from: &buf)
        )
    }

    public static func write(_ value: AccessOutcome, into buf: inout [UInt8]) {
        FfiConverterOptionTypeTokenSet.write(value.tokens, into: &buf)
        FfiConverterOptionTypeSource.write(value.source, into: &buf)
        FfiConverterBool.write(value.stored, into: &buf)
        FfiConverterOptionBool.write(value.revoked, into: &buf)
        FfiConverterOptionTypeWarning.write(value.warning, into: &buf)
        FfiConverterOptionString.write(value.endSessionUrl, into: &buf)
        FfiConverterOptionTypeDiscovered.write(value.discovered, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccessOutcome_lift(_ buf: RustBuffer) throws -> AccessOutcome {
    return try FfiConverterTypeAccessOutcome.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccessOutcome_lower(_ value: AccessOutcome) -> RustBuffer {
    return FfiConverterTypeAccessOutcome.lower(value)
}


/**
 * What is only so in this one run of the flow. It may hold a redirect, and with that a code, and shows nothing.
 */
public struct AccessRun: CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * What is kept is sealed under this key; without one the store itself must keep it from others.
     */
    public let key: DataKey?
    /**
     * The `fingerprint` of an access token that the resource did not take, although it was fresh: where that
     * one is still kept it is refreshed.
     */
    public let rejected: Data?
    /**
     * The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
     */
    public let wwwAuthenticate: [String]
    /**
     * For `Resume`: the redirect that has arrived, where it started this run of the program.
     */
    public let redirectUri: String?
    /**
     * What an earlier flow discovered; it is taken while it is less than an hour old.
     */
    public let known: Discovered?
    /**
     * Whether the user signs in on another device (RFC 8628). It is never chosen by itself.
     */
    public let device: Bool
    /**
     * What a resource demanded of the sign-in; see `ResourceCall`.
     */
    public let stepUp: StepUp?
    /**
     * What the program's other flows and requests heard of nonces (RFC 9449 §8): one for a client.
     */
    public let nonces: DpopNonces?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What is kept is sealed under this key; without one the store itself must keep it from others.
         */key: DataKey? = nil,
        /**
         * The `fingerprint` of an access token that the resource did not take, although it was fresh: where that
         * one is still kept it is refreshed.
         */rejected: Data? = nil,
        /**
         * The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
         */wwwAuthenticate: [String] = [],
        /**
         * For `Resume`: the redirect that has arrived, where it started this run of the program.
         */redirectUri: String? = nil,
        /**
         * What an earlier flow discovered; it is taken while it is less than an hour old.
         */known: Discovered? = nil,
        /**
         * Whether the user signs in on another device (RFC 8628). It is never chosen by itself.
         */device: Bool = false,
        /**
         * What a resource demanded of the sign-in; see `ResourceCall`.
         */stepUp: StepUp? = nil,
        /**
         * What the program's other flows and requests heard of nonces (RFC 9449 §8): one for a client.
         */nonces: DpopNonces? = nil) {
        self.key = key
        self.rejected = rejected
        self.wwwAuthenticate = wwwAuthenticate
        self.redirectUri = redirectUri
        self.known = known
        self.device = device
        self.stepUp = stepUp
        self.nonces = nonces
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_accessrun_uniffi_trait_debug(
            FfiConverterTypeAccessRun_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_accessrun_uniffi_trait_display(
            FfiConverterTypeAccessRun_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension AccessRun: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAccessRun: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AccessRun {
        return
            try AccessRun(
                key: FfiConverterOptionTypeDataKey.read(from: &buf),
                rejected: FfiConverterOptionData.read(from: &buf),
                wwwAuthenticate: FfiConverterSequenceString.read(from: &buf),
                redirectUri: FfiConverterOptionString.read(from: &buf),
                known: FfiConverterOptionTypeDiscovered.read(from: &buf),
                device: FfiConverterBool.read(from: &buf),
                stepUp: FfiConverterOptionTypeStepUp.read(from: &buf),
                nonces: FfiConverterOptionTypeDpopNonces.read(from: &buf)
        )
    }

    public static func write(_ value: AccessRun, into buf: inout [UInt8]) {
        FfiConverterOptionTypeDataKey.write(value.key, into: &buf)
        FfiConverterOptionData.write(value.rejected, into: &buf)
        FfiConverterSequenceString.write(value.wwwAuthenticate, into: &buf)
        FfiConverterOptionString.write(value.redirectUri, into: &buf)
        FfiConverterOptionTypeDiscovered.write(value.known, into: &buf)
        FfiConverterBool.write(value.device, into: &buf)
        FfiConverterOptionTypeStepUp.write(value.stepUp, into: &buf)
        FfiConverterOptionTypeDpopNonces.write(value.nonces, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccessRun_lift(_ buf: RustBuffer) throws -> AccessRun {
    return try FfiConverterTypeAccessRun.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAccessRun_lower(_ value: AccessRun) -> RustBuffer {
    return FfiConverterTypeAccessRun.lower(value)
}


/**
 * What the user allowed.
 */
public struct Approval: Equatable, Hashable {
    /**
     * Who allowed it, as the server names its users.
     */
    public let subject: String
    /**
     * What was allowed: some or all of the scopes that were asked for.
     */
    public let scopes: [String]
    /**
     * When the user signed in, in seconds since the epoch. Tokens of the grant know it (RFC 9470 §4), and its ID
     * tokens tell it (OpenID Connect Core §2). None: the server cannot say, and no demand for a recent sign-in is
     * met.
     */
    public let authTime: UInt64?
    /**
     * How the user signed in: the authentication context class, where the server can say. It counts where
     * `auth_time` is known.
     */
    public let acr: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Who allowed it, as the server names its users.
         */subject: String,
        /**
         * What was allowed: some or all of the scopes that were asked for.
         */scopes: [String],
        /**
         * When the user signed in, in seconds since the epoch. Tokens of the grant know it (RFC 9470 §4), and its ID
         * tokens tell it (OpenID Connect Core §2). None: the server cannot say, and no demand for a recent sign-in is
         * met.
         */authTime: UInt64? = nil,
        /**
         * How the user signed in: the authentication context class, where the server can say. It counts where
         * `auth_time` is known.
         */acr: String? = nil) {
        self.subject = subject
        self.scopes = scopes
        self.authTime = authTime
        self.acr = acr
    }




}

#if compiler(>=6)
extension Approval: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeApproval: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Approval {
        return
            try Approval(
                subject: FfiConverterString.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf),
                authTime: FfiConverterOptionUInt64.read(from: &buf),
                acr: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: Approval, into buf: inout [UInt8]) {
        FfiConverterString.write(value.subject, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionUInt64.write(value.authTime, into: &buf)
        FfiConverterOptionString.write(value.acr, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeApproval_lift(_ buf: RustBuffer) throws -> Approval {
    return try FfiConverterTypeApproval.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeApproval_lower(_ value: Approval) -> RustBuffer {
    return FfiConverterTypeApproval.lower(value)
}


/**
 * How recently and how a user must have signed in (RFC 9470 §3).
 */
public struct Authentication: Equatable, Hashable {
    /**
     * The authentication context classes of which one will do, the preferred one first; none here: any will.
     */
    public let acrValues: [String]
    /**
     * How long ago it may have been, in seconds; none: any time.
     */
    public let maxAgeS: UInt64?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The authentication context classes of which one will do, the preferred one first; none here: any will.
         */acrValues: [String] = [],
        /**
         * How long ago it may have been, in seconds; none: any time.
         */maxAgeS: UInt64? = nil) {
        self.acrValues = acrValues
        self.maxAgeS = maxAgeS
    }




}

#if compiler(>=6)
extension Authentication: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAuthentication: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Authentication {
        return
            try Authentication(
                acrValues: FfiConverterSequenceString.read(from: &buf),
                maxAgeS: FfiConverterOptionUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: Authentication, into buf: inout [UInt8]) {
        FfiConverterSequenceString.write(value.acrValues, into: &buf)
        FfiConverterOptionUInt64.write(value.maxAgeS, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthentication_lift(_ buf: RustBuffer) throws -> Authentication {
    return try FfiConverterTypeAuthentication.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthentication_lower(_ value: Authentication) -> RustBuffer {
    return FfiConverterTypeAuthentication.lower(value)
}


/**
 * The header fields of an authorized request. They hold the token and are not shown.
 */
public struct AuthorizationFields: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The value of `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1).
     */
    public let authorization: String
    /**
     * The value of `DPoP`, where the token is bound to a key. It is good for one request.
     */
    public let dpop: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The value of `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1).
         */authorization: String,
        /**
         * The value of `DPoP`, where the token is bound to a key. It is good for one request.
         */dpop: String?) {
        self.authorization = authorization
        self.dpop = dpop
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_authorizationfields_uniffi_trait_debug(
            FfiConverterTypeAuthorizationFields_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_authorizationfields_uniffi_trait_display(
            FfiConverterTypeAuthorizationFields_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension AuthorizationFields: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAuthorizationFields: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AuthorizationFields {
        return
            try AuthorizationFields(
                authorization: FfiConverterString.read(from: &buf),
                dpop: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: AuthorizationFields, into buf: inout [UInt8]) {
        FfiConverterString.write(value.authorization, into: &buf)
        FfiConverterOptionString.write(value.dpop, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthorizationFields_lift(_ buf: RustBuffer) throws -> AuthorizationFields {
    return try FfiConverterTypeAuthorizationFields.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthorizationFields_lower(_ value: AuthorizationFields) -> RustBuffer {
    return FfiConverterTypeAuthorizationFields.lower(value)
}


/**
 * What a sign-in asks for, and where.
 */
public struct AuthorizationRequest: Equatable, Hashable {
    /**
     * The authorization server's identifier (RFC 8414 §2), compared as a string.
     */
    public let issuer: String
    /**
     * Where the user is sent (RFC 6749 §3.1).
     */
    public let authorizationEndpoint: String
    /**
     * Where the code is redeemed (RFC 6749 §3.2).
     */
    public let tokenEndpoint: String
    /**
     * Whether the server promises `iss` in its answers (RFC 9207 §3).
     */
    public let issPromised: Bool
    /**
     * The public client's identifier.
     */
    public let clientId: String
    /**
     * Where the answer arrives (RFC 8252 §7).
     */
    public let redirectUri: String
    /**
     * The scopes; may be empty.
     */
    public let scopes: [String]
    /**
     * The resource that the tokens are for (RFC 8707).
     */
    public let resource: String?
    /**
     * More parameters of the authorization request: `prompt`, `login_hint`, `max_age`, `acr_values`,
     * `ui_locales`, `authorization_details` and the like. None may stand in for one that ProofKey sets.
     */
    public let extraParameters: [Parameter]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The authorization server's identifier (RFC 8414 §2), compared as a string.
         */issuer: String,
        /**
         * Where the user is sent (RFC 6749 §3.1).
         */authorizationEndpoint: String,
        /**
         * Where the code is redeemed (RFC 6749 §3.2).
         */tokenEndpoint: String,
        /**
         * Whether the server promises `iss` in its answers (RFC 9207 §3).
         */issPromised: Bool,
        /**
         * The public client's identifier.
         */clientId: String,
        /**
         * Where the answer arrives (RFC 8252 §7).
         */redirectUri: String,
        /**
         * The scopes; may be empty.
         */scopes: [String],
        /**
         * The resource that the tokens are for (RFC 8707).
         */resource: String?,
        /**
         * More parameters of the authorization request: `prompt`, `login_hint`, `max_age`, `acr_values`,
         * `ui_locales`, `authorization_details` and the like. None may stand in for one that ProofKey sets.
         */extraParameters: [Parameter] = []) {
        self.issuer = issuer
        self.authorizationEndpoint = authorizationEndpoint
        self.tokenEndpoint = tokenEndpoint
        self.issPromised = issPromised
        self.clientId = clientId
        self.redirectUri = redirectUri
        self.scopes = scopes
        self.resource = resource
        self.extraParameters = extraParameters
    }




}

#if compiler(>=6)
extension AuthorizationRequest: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAuthorizationRequest: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AuthorizationRequest {
        return
            try AuthorizationRequest(
                issuer: FfiConverterString.read(from: &buf),
                authorizationEndpoint: FfiConverterString.read(from: &buf),
                tokenEndpoint: FfiConverterString.read(from: &buf),
                issPromised: FfiConverterBool.read(from: &buf),
                clientId: FfiConverterString.read(from: &buf),
                redirectUri: FfiConverterString.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf),
                resource: FfiConverterOptionString.read(from: &buf),
                extraParameters: FfiConverterSequenceTypeParameter.read(from: &buf)
        )
    }

    public static func write(_ value: AuthorizationRequest, into buf: inout [UInt8]) {
        FfiConverterString.write(value.issuer, into: &buf)
        FfiConverterString.write(value.authorizationEndpoint, into: &buf)
        FfiConverterString.write(value.tokenEndpoint, into: &buf)
        FfiConverterBool.write(value.issPromised, into: &buf)
        FfiConverterString.write(value.clientId, into: &buf)
        FfiConverterString.write(value.redirectUri, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionString.write(value.resource, into: &buf)
        FfiConverterSequenceTypeParameter.write(value.extraParameters, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthorizationRequest_lift(_ buf: RustBuffer) throws -> AuthorizationRequest {
    return try FfiConverterTypeAuthorizationRequest.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthorizationRequest_lower(_ value: AuthorizationRequest) -> RustBuffer {
    return FfiConverterTypeAuthorizationRequest.lower(value)
}


/**
 * One line of the report.
 */
public struct Capability: Equatable, Hashable {
    /**
     * What it is about.
     */
    public let feature: Feature
    /**
     * The feature's stable name, the same in every language: `client_documents`.
     */
    public let name: String
    /**
     * What the metadata says of it.
     */
    public let support: Support
    /**
     * Why, with the text that rules.
     */
    public let why: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What it is about.
         */feature: Feature,
        /**
         * The feature's stable name, the same in every language: `client_documents`.
         */name: String,
        /**
         * What the metadata says of it.
         */support: Support,
        /**
         * Why, with the text that rules.
         */why: String) {
        self.feature = feature
        self.name = name
        self.support = support
        self.why = why
    }




}

#if compiler(>=6)
extension Capability: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCapability: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Capability {
        return
            try Capability(
                feature: FfiConverterTypeFeature.read(from: &buf),
                name: FfiConverterString.read(from: &buf),
                support: FfiConverterTypeSupport.read(from: &buf),
                why: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: Capability, into buf: inout [UInt8]) {
        FfiConverterTypeFeature.write(value.feature, into: &buf)
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterTypeSupport.write(value.support, into: &buf)
        FfiConverterString.write(value.why, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCapability_lift(_ buf: RustBuffer) throws -> Capability {
    return try FfiConverterTypeCapability.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCapability_lower(_ value: Capability) -> RustBuffer {
    return FfiConverterTypeCapability.lower(value)
}


/**
 * One challenge.
 */
public struct Challenge: Equatable, Hashable {
    /**
     * The scheme, in lower case (RFC 9110 §11.1).
     */
    public let scheme: String
    /**
     * The data of schemes such as Negotiate, instead of parameters.
     */
    public let token68: String?
    /**
     * The parameters, in their order.
     */
    public let parameters: [ChallengeParameter]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The scheme, in lower case (RFC 9110 §11.1).
         */scheme: String,
        /**
         * The data of schemes such as Negotiate, instead of parameters.
         */token68: String?,
        /**
         * The parameters, in their order.
         */parameters: [ChallengeParameter]) {
        self.scheme = scheme
        self.token68 = token68
        self.parameters = parameters
    }




}

#if compiler(>=6)
extension Challenge: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeChallenge: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Challenge {
        return
            try Challenge(
                scheme: FfiConverterString.read(from: &buf),
                token68: FfiConverterOptionString.read(from: &buf),
                parameters: FfiConverterSequenceTypeChallengeParameter.read(from: &buf)
        )
    }

    public static func write(_ value: Challenge, into buf: inout [UInt8]) {
        FfiConverterString.write(value.scheme, into: &buf)
        FfiConverterOptionString.write(value.token68, into: &buf)
        FfiConverterSequenceTypeChallengeParameter.write(value.parameters, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenge_lift(_ buf: RustBuffer) throws -> Challenge {
    return try FfiConverterTypeChallenge.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenge_lower(_ value: Challenge) -> RustBuffer {
    return FfiConverterTypeChallenge.lower(value)
}


/**
 * One parameter of a challenge.
 */
public struct ChallengeParameter: Equatable, Hashable {
    /**
     * The name, in lower case.
     */
    public let name: String
    /**
     * The value, without quotes and escapes.
     */
    public let value: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The name, in lower case.
         */name: String,
        /**
         * The value, without quotes and escapes.
         */value: String) {
        self.name = name
        self.value = value
    }




}

#if compiler(>=6)
extension ChallengeParameter: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeChallengeParameter: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ChallengeParameter {
        return
            try ChallengeParameter(
                name: FfiConverterString.read(from: &buf),
                value: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: ChallengeParameter, into buf: inout [UInt8]) {
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterString.write(value.value, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallengeParameter_lift(_ buf: RustBuffer) throws -> ChallengeParameter {
    return try FfiConverterTypeChallengeParameter.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallengeParameter_lower(_ value: ChallengeParameter) -> RustBuffer {
    return FfiConverterTypeChallengeParameter.lower(value)
}


/**
 * The challenges of an answer, what was left out, and what is asked for.
 */
public struct Challenges: Equatable, Hashable {
    /**
     * The good ones, in their order.
     */
    public let list: [Challenge]
    /**
     * Why others were left out, in their order: `syntax`, `duplicate_parameter`, `too_large`.
     */
    public let defects: [String]
    /**
     * The first Bearer or DPoP challenge that names `resource_metadata`, else the first of them.
     */
    public let demand: Demand?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The good ones, in their order.
         */list: [Challenge],
        /**
         * Why others were left out, in their order: `syntax`, `duplicate_parameter`, `too_large`.
         */defects: [String],
        /**
         * The first Bearer or DPoP challenge that names `resource_metadata`, else the first of them.
         */demand: Demand?) {
        self.list = list
        self.defects = defects
        self.demand = demand
    }




}

#if compiler(>=6)
extension Challenges: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeChallenges: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Challenges {
        return
            try Challenges(
                list: FfiConverterSequenceTypeChallenge.read(from: &buf),
                defects: FfiConverterSequenceString.read(from: &buf),
                demand: FfiConverterOptionTypeDemand.read(from: &buf)
        )
    }

    public static func write(_ value: Challenges, into buf: inout [UInt8]) {
        FfiConverterSequenceTypeChallenge.write(value.list, into: &buf)
        FfiConverterSequenceString.write(value.defects, into: &buf)
        FfiConverterOptionTypeDemand.write(value.demand, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenges_lift(_ buf: RustBuffer) throws -> Challenges {
    return try FfiConverterTypeChallenges.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenges_lower(_ value: Challenges) -> RustBuffer {
    return FfiConverterTypeChallenges.lower(value)
}


/**
 * What a resource asks of a request beside a token for it. All of it may be absent.
 */
public struct CheckDemands: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * How the user must have signed in.
     */
    public let authentication: Authentication?
    /**
     * Where the resource's metadata are (RFC 9728 §5.1). A challenge then says so, and with status 401 also which
     * scopes are needed (RFC 6750 §3).
     */
    public let metadataUrl: String?
    /**
     * The request's proofs of possession, and what is asked of them (RFC 9449 §7.1). The flow judges them before all
     * else and has the store remember them. None: it knows of no proofs, and no token that is bound to a key passes.
     */
    public let proof: RequestProof?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * How the user must have signed in.
         */authentication: Authentication? = nil,
        /**
         * Where the resource's metadata are (RFC 9728 §5.1). A challenge then says so, and with status 401 also which
         * scopes are needed (RFC 6750 §3).
         */metadataUrl: String? = nil,
        /**
         * The request's proofs of possession, and what is asked of them (RFC 9449 §7.1). The flow judges them before all
         * else and has the store remember them. None: it knows of no proofs, and no token that is bound to a key passes.
         */proof: RequestProof? = nil) {
        self.authentication = authentication
        self.metadataUrl = metadataUrl
        self.proof = proof
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_checkdemands_uniffi_trait_debug(
            FfiConverterTypeCheckDemands_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_checkdemands_uniffi_trait_display(
            FfiConverterTypeCheckDemands_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension CheckDemands: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCheckDemands: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> CheckDemands {
        return
            try CheckDemands(
                authentication: FfiConverterOptionTypeAuthentication.read(from: &buf),
                metadataUrl: FfiConverterOptionString.read(from: &buf),
                proof: FfiConverterOptionTypeRequestProof.read(from: &buf)
        )
    }

    public static func write(_ value: CheckDemands, into buf: inout [UInt8]) {
        FfiConverterOptionTypeAuthentication.write(value.authentication, into: &buf)
        FfiConverterOptionString.write(value.metadataUrl, into: &buf)
        FfiConverterOptionTypeRequestProof.write(value.proof, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCheckDemands_lift(_ buf: RustBuffer) throws -> CheckDemands {
    return try FfiConverterTypeCheckDemands.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCheckDemands_lower(_ value: CheckDemands) -> RustBuffer {
    return FfiConverterTypeCheckDemands.lower(value)
}


/**
 * What a client says of itself at its own address. The document is served there as `application/json`,
 * and the address is the client's identifier.
 */
public struct ClientDocument: Equatable, Hashable {
    /**
     * The document's own address: https, with a path, without query and fragment.
     */
    public let clientId: String
    /**
     * What a user is shown.
     */
    public let clientName: String
    /**
     * The client's home page.
     */
    public let clientUri: String?
    /**
     * Where answers may go. For loopback the port does not count (RFC 8252 §7.3).
     */
    public let redirectUris: [String]
    /**
     * The scopes that it may ask for; empty leaves it to the server.
     */
    public let scopes: [String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The document's own address: https, with a path, without query and fragment.
         */clientId: String,
        /**
         * What a user is shown.
         */clientName: String,
        /**
         * The client's home page.
         */clientUri: String?,
        /**
         * Where answers may go. For loopback the port does not count (RFC 8252 §7.3).
         */redirectUris: [String],
        /**
         * The scopes that it may ask for; empty leaves it to the server.
         */scopes: [String]) {
        self.clientId = clientId
        self.clientName = clientName
        self.clientUri = clientUri
        self.redirectUris = redirectUris
        self.scopes = scopes
    }




}

#if compiler(>=6)
extension ClientDocument: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeClientDocument: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ClientDocument {
        return
            try ClientDocument(
                clientId: FfiConverterString.read(from: &buf),
                clientName: FfiConverterString.read(from: &buf),
                clientUri: FfiConverterOptionString.read(from: &buf),
                redirectUris: FfiConverterSequenceString.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf)
        )
    }

    public static func write(_ value: ClientDocument, into buf: inout [UInt8]) {
        FfiConverterString.write(value.clientId, into: &buf)
        FfiConverterString.write(value.clientName, into: &buf)
        FfiConverterOptionString.write(value.clientUri, into: &buf)
        FfiConverterSequenceString.write(value.redirectUris, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClientDocument_lift(_ buf: RustBuffer) throws -> ClientDocument {
    return try FfiConverterTypeClientDocument.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClientDocument_lower(_ value: ClientDocument) -> RustBuffer {
    return FfiConverterTypeClientDocument.lower(value)
}


/**
 * What a server knows of a public client. There is no secret in it: none could be kept.
 */
public struct ClientRecord: Equatable, Hashable {
    /**
     * Its identifier.
     */
    public let clientId: String
    /**
     * Its name, for the consent page.
     */
    public let name: String
    /**
     * The redirect URIs that it registered.
     */
    public let redirectUris: [String]
    /**
     * The scopes that it may ask for.
     */
    public let scopes: [String]
    /**
     * Whether it may have refresh tokens: `refresh_token` is among its `grant_types` (RFC 7591 §2).
     */
    public let mayRefresh: Bool

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Its identifier.
         */clientId: String,
        /**
         * Its name, for the consent page.
         */name: String,
        /**
         * The redirect URIs that it registered.
         */redirectUris: [String],
        /**
         * The scopes that it may ask for.
         */scopes: [String],
        /**
         * Whether it may have refresh tokens: `refresh_token` is among its `grant_types` (RFC 7591 §2).
         */mayRefresh: Bool = false) {
        self.clientId = clientId
        self.name = name
        self.redirectUris = redirectUris
        self.scopes = scopes
        self.mayRefresh = mayRefresh
    }




}

#if compiler(>=6)
extension ClientRecord: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeClientRecord: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ClientRecord {
        return
            try ClientRecord(
                clientId: FfiConverterString.read(from: &buf),
                name: FfiConverterString.read(from: &buf),
                redirectUris: FfiConverterSequenceString.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf),
                mayRefresh: FfiConverterBool.read(from: &buf)
        )
    }

    public static func write(_ value: ClientRecord, into buf: inout [UInt8]) {
        FfiConverterString.write(value.clientId, into: &buf)
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterSequenceString.write(value.redirectUris, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
        FfiConverterBool.write(value.mayRefresh, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClientRecord_lift(_ buf: RustBuffer) throws -> ClientRecord {
    return try FfiConverterTypeClientRecord.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClientRecord_lower(_ value: ClientRecord) -> RustBuffer {
    return FfiConverterTypeClientRecord.lower(value)
}


/**
 * What a resource asks for in its Bearer or DPoP challenge (RFC 6750 §3, RFC 9728 §5.1, RFC 9470 §3).
 */
public struct Demand: Equatable, Hashable {
    /**
     * `bearer` or `dpop`.
     */
    public let scheme: String
    /**
     * Where the resource's metadata is.
     */
    public let resourceMetadata: String?
    /**
     * The scopes; none where the challenge has no `scope` or one outside the grammar of RFC 6749 §3.3.
     */
    public let scopes: [String]?
    /**
     * The error code.
     */
    public let error: String?
    /**
     * The authentication context class references that will do, the preferred ones first.
     */
    public let acrValues: [String]?
    /**
     * How old the user's authentication may be, in seconds.
     */
    public let maxAge: UInt64?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * `bearer` or `dpop`.
         */scheme: String,
        /**
         * Where the resource's metadata is.
         */resourceMetadata: String?,
        /**
         * The scopes; none where the challenge has no `scope` or one outside the grammar of RFC 6749 §3.3.
         */scopes: [String]?,
        /**
         * The error code.
         */error: String?,
        /**
         * The authentication context class references that will do, the preferred ones first.
         */acrValues: [String]?,
        /**
         * How old the user's authentication may be, in seconds.
         */maxAge: UInt64?) {
        self.scheme = scheme
        self.resourceMetadata = resourceMetadata
        self.scopes = scopes
        self.error = error
        self.acrValues = acrValues
        self.maxAge = maxAge
    }




}

#if compiler(>=6)
extension Demand: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDemand: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Demand {
        return
            try Demand(
                scheme: FfiConverterString.read(from: &buf),
                resourceMetadata: FfiConverterOptionString.read(from: &buf),
                scopes: FfiConverterOptionSequenceString.read(from: &buf),
                error: FfiConverterOptionString.read(from: &buf),
                acrValues: FfiConverterOptionSequenceString.read(from: &buf),
                maxAge: FfiConverterOptionUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: Demand, into buf: inout [UInt8]) {
        FfiConverterString.write(value.scheme, into: &buf)
        FfiConverterOptionString.write(value.resourceMetadata, into: &buf)
        FfiConverterOptionSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionString.write(value.error, into: &buf)
        FfiConverterOptionSequenceString.write(value.acrValues, into: &buf)
        FfiConverterOptionUInt64.write(value.maxAge, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDemand_lift(_ buf: RustBuffer) throws -> Demand {
    return try FfiConverterTypeDemand.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDemand_lower(_ value: Demand) -> RustBuffer {
    return FfiConverterTypeDemand.lower(value)
}


/**
 * What the user is shown to sign in on another device (RFC 8628 §3.3). It is for the person in front of
 * this device alone.
 */
public struct DeviceCode: Equatable, Hashable {
    /**
     * What to enter.
     */
    public let userCode: String
    /**
     * Where to enter it.
     */
    public let verificationUri: String
    /**
     * The same with the code in it, for a QR code; the user compares the code all the same (RFC 8628
     * §3.3.1).
     */
    public let verificationUriComplete: String?
    /**
     * How long the code is good for, in seconds.
     */
    public let expiresInS: UInt64
    /**
     * What to tell the user against phishing, in one sentence (RFC 8628 §5.4).
     */
    public let advice: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What to enter.
         */userCode: String,
        /**
         * Where to enter it.
         */verificationUri: String,
        /**
         * The same with the code in it, for a QR code; the user compares the code all the same (RFC 8628
         * §3.3.1).
         */verificationUriComplete: String?,
        /**
         * How long the code is good for, in seconds.
         */expiresInS: UInt64,
        /**
         * What to tell the user against phishing, in one sentence (RFC 8628 §5.4).
         */advice: String) {
        self.userCode = userCode
        self.verificationUri = verificationUri
        self.verificationUriComplete = verificationUriComplete
        self.expiresInS = expiresInS
        self.advice = advice
    }




}

#if compiler(>=6)
extension DeviceCode: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDeviceCode: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> DeviceCode {
        return
            try DeviceCode(
                userCode: FfiConverterString.read(from: &buf),
                verificationUri: FfiConverterString.read(from: &buf),
                verificationUriComplete: FfiConverterOptionString.read(from: &buf),
                expiresInS: FfiConverterUInt64.read(from: &buf),
                advice: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: DeviceCode, into buf: inout [UInt8]) {
        FfiConverterString.write(value.userCode, into: &buf)
        FfiConverterString.write(value.verificationUri, into: &buf)
        FfiConverterOptionString.write(value.verificationUriComplete, into: &buf)
        FfiConverterUInt64.write(value.expiresInS, into: &buf)
        FfiConverterString.write(value.advice, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDeviceCode_lift(_ buf: RustBuffer) throws -> DeviceCode {
    return try FfiConverterTypeDeviceCode.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDeviceCode_lower(_ value: DeviceCode) -> RustBuffer {
    return FfiConverterTypeDeviceCode.lower(value)
}


/**
 * What discovery found. Plain data without secrets.
 */
public struct Discovered: Equatable, Hashable {
    /**
     * The authorization server.
     */
    public let provider: Provider
    /**
     * The protected resource, where discovery started from one.
     */
    public let resource: ProtectedResource?
    /**
     * The scopes to ask for: those of the 401, else those that the resource lists, else none.
     */
    public let scopes: [String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The authorization server.
         */provider: Provider,
        /**
         * The protected resource, where discovery started from one.
         */resource: ProtectedResource?,
        /**
         * The scopes to ask for: those of the 401, else those that the resource lists, else none.
         */scopes: [String]) {
        self.provider = provider
        self.resource = resource
        self.scopes = scopes
    }




}

#if compiler(>=6)
extension Discovered: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDiscovered: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Discovered {
        return
            try Discovered(
                provider: FfiConverterTypeProvider.read(from: &buf),
                resource: FfiConverterOptionTypeProtectedResource.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf)
        )
    }

    public static func write(_ value: Discovered, into buf: inout [UInt8]) {
        FfiConverterTypeProvider.write(value.provider, into: &buf)
        FfiConverterOptionTypeProtectedResource.write(value.resource, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDiscovered_lift(_ buf: RustBuffer) throws -> Discovered {
    return try FfiConverterTypeDiscovered.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDiscovered_lower(_ value: Discovered) -> RustBuffer {
    return FfiConverterTypeDiscovered.lower(value)
}


/**
 * What discovery starts from: an issuer, a resource, or both.
 */
public struct DiscoveryConfig: Equatable, Hashable {
    /**
     * The issuer, where it is known. With a resource that names its issuers, it must be one of them.
     */
    public let issuer: String?
    /**
     * The protected resource, where there is one.
     */
    public let resource: String?
    /**
     * The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
     */
    public let wwwAuthenticate: [String]
    /**
     * The issuers that may leave S256 out of their metadata: an exception that is made by name. Compared as
     * strings.
     */
    public let allowMissingS256: [String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The issuer, where it is known. With a resource that names its issuers, it must be one of them.
         */issuer: String?,
        /**
         * The protected resource, where there is one.
         */resource: String?,
        /**
         * The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
         */wwwAuthenticate: [String],
        /**
         * The issuers that may leave S256 out of their metadata: an exception that is made by name. Compared as
         * strings.
         */allowMissingS256: [String]) {
        self.issuer = issuer
        self.resource = resource
        self.wwwAuthenticate = wwwAuthenticate
        self.allowMissingS256 = allowMissingS256
    }




}

#if compiler(>=6)
extension DiscoveryConfig: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDiscoveryConfig: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> DiscoveryConfig {
        return
            try DiscoveryConfig(
                issuer: FfiConverterOptionString.read(from: &buf),
                resource: FfiConverterOptionString.read(from: &buf),
                wwwAuthenticate: FfiConverterSequenceString.read(from: &buf),
                allowMissingS256: FfiConverterSequenceString.read(from: &buf)
        )
    }

    public static func write(_ value: DiscoveryConfig, into buf: inout [UInt8]) {
        FfiConverterOptionString.write(value.issuer, into: &buf)
        FfiConverterOptionString.write(value.resource, into: &buf)
        FfiConverterSequenceString.write(value.wwwAuthenticate, into: &buf)
        FfiConverterSequenceString.write(value.allowMissingS256, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDiscoveryConfig_lift(_ buf: RustBuffer) throws -> DiscoveryConfig {
    return try FfiConverterTypeDiscoveryConfig.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDiscoveryConfig_lower(_ value: DiscoveryConfig) -> RustBuffer {
    return FfiConverterTypeDiscoveryConfig.lower(value)
}


/**
 * The endpoints that a sign-in needs, given by hand.
 */
public struct Endpoints: Equatable, Hashable {
    /**
     * Where the user is sent.
     */
    public let authorizationEndpoint: String
    /**
     * Where codes and refresh tokens are redeemed.
     */
    public let tokenEndpoint: String
    /**
     * Where tokens are revoked (RFC 7009).
     */
    public let revocationEndpoint: String?
    /**
     * Where authorization requests are pushed (RFC 9126).
     */
    public let pushedAuthorizationRequestEndpoint: String?
    /**
     * Where device codes come from (RFC 8628).
     */
    public let deviceAuthorizationEndpoint: String?
    /**
     * Where the server's keys are: without them no ID token is looked at.
     */
    public let jwksUri: String?
    /**
     * Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout).
     */
    public let endSessionEndpoint: String?
    /**
     * Whether the server promises `iss` in its answers (RFC 9207 §3).
     */
    public let issPromised: Bool

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Where the user is sent.
         */authorizationEndpoint: String,
        /**
         * Where codes and refresh tokens are redeemed.
         */tokenEndpoint: String,
        /**
         * Where tokens are revoked (RFC 7009).
         */revocationEndpoint: String?,
        /**
         * Where authorization requests are pushed (RFC 9126).
         */pushedAuthorizationRequestEndpoint: String? = nil,
        /**
         * Where device codes come from (RFC 8628).
         */deviceAuthorizationEndpoint: String? = nil,
        /**
         * Where the server's keys are: without them no ID token is looked at.
         */jwksUri: String? = nil,
        /**
         * Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout).
         */endSessionEndpoint: String? = nil,
        /**
         * Whether the server promises `iss` in its answers (RFC 9207 §3).
         */issPromised: Bool) {
        self.authorizationEndpoint = authorizationEndpoint
        self.tokenEndpoint = tokenEndpoint
        self.revocationEndpoint = revocationEndpoint
        self.pushedAuthorizationRequestEndpoint = pushedAuthorizationRequestEndpoint
        self.deviceAuthorizationEndpoint = deviceAuthorizationEndpoint
        self.jwksUri = jwksUri
        self.endSessionEndpoint = endSessionEndpoint
        self.issPromised = issPromised
    }




}

#if compiler(>=6)
extension Endpoints: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeEndpoints: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Endpoints {
        return
            try Endpoints(
                authorizationEndpoint: FfiConverterString.read(from: &buf),
                tokenEndpoint: FfiConverterString.read(from: &buf),
                revocationEndpoint: FfiConverterOptionString.read(from: &buf),
                pushedAuthorizationRequestEndpoint: FfiConverterOptionString.read(from: &buf),
                deviceAuthorizationEndpoint: FfiConverterOptionString.read(from: &buf),
                jwksUri: FfiConverterOptionString.read(from: &buf),
                endSessionEndpoint: FfiConverterOptionString.read(from: &buf),
                issPromised: FfiConverterBool.read(from: &buf)
        )
    }

    public static func write(_ value: Endpoints, into buf: inout [UInt8]) {
        FfiConverterString.write(value.authorizationEndpoint, into: &buf)
        FfiConverterString.write(value.tokenEndpoint, into: &buf)
        FfiConverterOptionString.write(value.revocationEndpoint, into: &buf)
        FfiConverterOptionString.write(value.pushedAuthorizationRequestEndpoint, into: &buf)
        FfiConverterOptionString.write(value.deviceAuthorizationEndpoint, into: &buf)
        FfiConverterOptionString.write(value.jwksUri, into: &buf)
        FfiConverterOptionString.write(value.endSessionEndpoint, into: &buf)
        FfiConverterBool.write(value.issPromised, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeEndpoints_lift(_ buf: RustBuffer) throws -> Endpoints {
    return try FfiConverterTypeEndpoints.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeEndpoints_lower(_ value: Endpoints) -> RustBuffer {
    return FfiConverterTypeEndpoints.lower(value)
}


/**
 * What the user granted to a client: the part of a row that never changes.
 */
public struct Grant: Equatable, Hashable {
    /**
     * The first half of the code and of every token issued from it: 22 characters of base64url.
     */
    public let grantId: String
    /**
     * Who asked.
     */
    public let clientId: String
    /**
     * Who allowed it, as the server names its users.
     */
    public let subject: String
    /**
     * The redirect URI that the code was sent to.
     */
    public let redirectUri: String
    /**
     * Whether the authorization request named the redirect URI.
     */
    public let redirectUriWasSent: Bool
    /**
     * The code challenge (S256), 43 characters of base64url. None only in rows that another program
     * wrote.
     */
    public let codeChallenge: String?
    /**
     * The granted scopes, separated by single spaces; may be empty.
     */
    public let scope: String
    /**
     * The resource that the tokens are for (RFC 8707), if one was named.
     */
    public let resource: String?
    /**
     * What else it was made under.
     */
    public let terms: Terms
    /**
     * Whether refresh tokens are issued from it.
     */
    public let refreshable: Bool

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The first half of the code and of every token issued from it: 22 characters of base64url.
         */grantId: String,
        /**
         * Who asked.
         */clientId: String,
        /**
         * Who allowed it, as the server names its users.
         */subject: String,
        /**
         * The redirect URI that the code was sent to.
         */redirectUri: String,
        /**
         * Whether the authorization request named the redirect URI.
         */redirectUriWasSent: Bool,
        /**
         * The code challenge (S256), 43 characters of base64url. None only in rows that another program
         * wrote.
         */codeChallenge: String?,
        /**
         * The granted scopes, separated by single spaces; may be empty.
         */scope: String,
        /**
         * The resource that the tokens are for (RFC 8707), if one was named.
         */resource: String?,
        /**
         * What else it was made under.
         */terms: Terms,
        /**
         * Whether refresh tokens are issued from it.
         */refreshable: Bool = false) {
        self.grantId = grantId
        self.clientId = clientId
        self.subject = subject
        self.redirectUri = redirectUri
        self.redirectUriWasSent = redirectUriWasSent
        self.codeChallenge = codeChallenge
        self.scope = scope
        self.resource = resource
        self.terms = terms
        self.refreshable = refreshable
    }




}

#if compiler(>=6)
extension Grant: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeGrant: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Grant {
        return
            try Grant(
                grantId: FfiConverterString.read(from: &buf),
                clientId: FfiConverterString.read(from: &buf),
                subject: FfiConverterString.read(from: &buf),
                redirectUri: FfiConverterString.read(from: &buf),
                redirectUriWasSent: FfiConverterBool.read(from: &buf),
                codeChallenge: FfiConverterOptionString.read(from: &buf),
                scope: FfiConverterString.read(from: &buf),
                resource: FfiConverterOptionString.read(from: &buf),
                terms: FfiConverterTypeTerms.read(from: &buf),
                refreshable: FfiConverterBool.read(from: &buf)
        )
    }

    public static func write(_ value: Grant, into buf: inout [UInt8]) {
        FfiConverterString.write(value.grantId, into: &buf)
        FfiConverterString.write(value.clientId, into: &buf)
        FfiConverterString.write(value.subject, into: &buf)
        FfiConverterString.write(value.redirectUri, into: &buf)
        FfiConverterBool.write(value.redirectUriWasSent, into: &buf)
        FfiConverterOptionString.write(value.codeChallenge, into: &buf)
        FfiConverterString.write(value.scope, into: &buf)
        FfiConverterOptionString.write(value.resource, into: &buf)
        FfiConverterTypeTerms.write(value.terms, into: &buf)
        FfiConverterBool.write(value.refreshable, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGrant_lift(_ buf: RustBuffer) throws -> Grant {
    return try FfiConverterTypeGrant.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGrant_lower(_ value: Grant) -> RustBuffer {
    return FfiConverterTypeGrant.lower(value)
}


/**
 * A grant as it was found.
 */
public struct GrantRow: Equatable, Hashable {
    /**
     * The part that never changes.
     */
    public let grant: Grant
    /**
     * When the code expires, in seconds since the epoch by the store's clock.
     */
    public let expiresAt: UInt64
    /**
     * Whether the code was claimed.
     */
    public let used: Bool
    /**
     * Whether the grant was revoked.
     */
    public let revoked: Bool
    /**
     * How many wrong verifiers came for it.
     */
    public let mismatches: UInt32

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The part that never changes.
         */grant: Grant,
        /**
         * When the code expires, in seconds since the epoch by the store's clock.
         */expiresAt: UInt64,
        /**
         * Whether the code was claimed.
         */used: Bool,
        /**
         * Whether the grant was revoked.
         */revoked: Bool,
        /**
         * How many wrong verifiers came for it.
         */mismatches: UInt32) {
        self.grant = grant
        self.expiresAt = expiresAt
        self.used = used
        self.revoked = revoked
        self.mismatches = mismatches
    }




}

#if compiler(>=6)
extension GrantRow: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeGrantRow: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> GrantRow {
        return
            try GrantRow(
                grant: FfiConverterTypeGrant.read(from: &buf),
                expiresAt: FfiConverterUInt64.read(from: &buf),
                used: FfiConverterBool.read(from: &buf),
                revoked: FfiConverterBool.read(from: &buf),
                mismatches: FfiConverterUInt32.read(from: &buf)
        )
    }

    public static func write(_ value: GrantRow, into buf: inout [UInt8]) {
        FfiConverterTypeGrant.write(value.grant, into: &buf)
        FfiConverterUInt64.write(value.expiresAt, into: &buf)
        FfiConverterBool.write(value.used, into: &buf)
        FfiConverterBool.write(value.revoked, into: &buf)
        FfiConverterUInt32.write(value.mismatches, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGrantRow_lift(_ buf: RustBuffer) throws -> GrantRow {
    return try FfiConverterTypeGrantRow.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGrantRow_lower(_ value: GrantRow) -> RustBuffer {
    return FfiConverterTypeGrantRow.lower(value)
}


/**
 * A header field. Its value may be a secret and is not shown.
 */
public struct Header: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The name; case does not matter.
     */
    public let name: String
    /**
     * The value.
     */
    public let value: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The name; case does not matter.
         */name: String,
        /**
         * The value.
         */value: String) {
        self.name = name
        self.value = value
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_header_uniffi_trait_debug(
            FfiConverterTypeHeader_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_header_uniffi_trait_display(
            FfiConverterTypeHeader_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Header: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeHeader: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Header {
        return
            try Header(
                name: FfiConverterString.read(from: &buf),
                value: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: Header, into buf: inout [UInt8]) {
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterString.write(value.value, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeHeader_lift(_ buf: RustBuffer) throws -> Header {
    return try FfiConverterTypeHeader.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeHeader_lower(_ value: Header) -> RustBuffer {
    return FfiConverterTypeHeader.lower(value)
}


/**
 * A request that is sent exactly as it is: no further header beyond what HTTP itself needs, no redirect
 * followed, no cookie kept, nothing sent twice.
 */
public struct HttpRequest: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * `GET` or `POST`.
     */
    public let method: String
    /**
     * The absolute URL.
     */
    public let url: String
    /**
     * All header fields; `Accept-Encoding: identity` is among them.
     */
    public let headers: [Header]
    /**
     * The body; it may hold a code and a verifier.
     */
    public let body: Data?
    /**
     * The answer's body may have at most so many bytes; the driver stops reading there and answers
     * with `TooLarge`.
     */
    public let maxBody: UInt64
    /**
     * How long the whole exchange may take, in milliseconds.
     */
    public let timeoutMs: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * `GET` or `POST`.
         */method: String,
        /**
         * The absolute URL.
         */url: String,
        /**
         * All header fields; `Accept-Encoding: identity` is among them.
         */headers: [Header],
        /**
         * The body; it may hold a code and a verifier.
         */body: Data?,
        /**
         * The answer's body may have at most so many bytes; the driver stops reading there and answers
         * with `TooLarge`.
         */maxBody: UInt64,
        /**
         * How long the whole exchange may take, in milliseconds.
         */timeoutMs: UInt64) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.maxBody = maxBody
        self.timeoutMs = timeoutMs
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_httprequest_uniffi_trait_debug(
            FfiConverterTypeHttpRequest_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_httprequest_uniffi_trait_display(
            FfiConverterTypeHttpRequest_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension HttpRequest: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeHttpRequest: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> HttpRequest {
        return
            try HttpRequest(
                method: FfiConverterString.read(from: &buf),
                url: FfiConverterString.read(from: &buf),
                headers: FfiConverterSequenceTypeHeader.read(from: &buf),
                body: FfiConverterOptionData.read(from: &buf),
                maxBody: FfiConverterUInt64.read(from: &buf),
                timeoutMs: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: HttpRequest, into buf: inout [UInt8]) {
        FfiConverterString.write(value.method, into: &buf)
        FfiConverterString.write(value.url, into: &buf)
        FfiConverterSequenceTypeHeader.write(value.headers, into: &buf)
        FfiConverterOptionData.write(value.body, into: &buf)
        FfiConverterUInt64.write(value.maxBody, into: &buf)
        FfiConverterUInt64.write(value.timeoutMs, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeHttpRequest_lift(_ buf: RustBuffer) throws -> HttpRequest {
    return try FfiConverterTypeHttpRequest.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeHttpRequest_lower(_ value: HttpRequest) -> RustBuffer {
    return FfiConverterTypeHttpRequest.lower(value)
}


/**
 * A whole answer.
 */
public struct HttpResponse: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The status code.
     */
    public let status: UInt16
    /**
     * The header fields.
     */
    public let headers: [Header]
    /**
     * The body as it came; it may hold tokens.
     */
    public let body: Data

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The status code.
         */status: UInt16,
        /**
         * The header fields.
         */headers: [Header],
        /**
         * The body as it came; it may hold tokens.
         */body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_httpresponse_uniffi_trait_debug(
            FfiConverterTypeHttpResponse_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_httpresponse_uniffi_trait_display(
            FfiConverterTypeHttpResponse_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension HttpResponse: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeHttpResponse: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> HttpResponse {
        return
            try HttpResponse(
                status: FfiConverterUInt16.read(from: &buf),
                headers: FfiConverterSequenceTypeHeader.read(from: &buf),
                body: FfiConverterData.read(from: &buf)
        )
    }

    public static func write(_ value: HttpResponse, into buf: inout [UInt8]) {
        FfiConverterUInt16.write(value.status, into: &buf)
        FfiConverterSequenceTypeHeader.write(value.headers, into: &buf)
        FfiConverterData.write(value.body, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeHttpResponse_lift(_ buf: RustBuffer) throws -> HttpResponse {
    return try FfiConverterTypeHttpResponse.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeHttpResponse_lower(_ value: HttpResponse) -> RustBuffer {
    return FfiConverterTypeHttpResponse.lower(value)
}


/**
 * Who has signed in, by a verified ID token (OpenID Connect Core §2, §5.1). A person is told from others by
 * `issuer` and `subject` together; names and addresses change. Only the issuer is shown.
 */
public struct Identity: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * `iss`: who says so.
     */
    public let issuer: String
    /**
     * `sub`: whom the issuer means; 1 to 255 ASCII characters.
     */
    public let subject: String
    /**
     * `aud`: the clients that it was said to.
     */
    public let audience: [String]
    /**
     * `iat`: when it was said, in seconds since the epoch.
     */
    public let issuedAt: UInt64
    /**
     * `exp`: until when it may be believed by one who has not seen it before, in seconds since the epoch.
     */
    public let expiresAt: UInt64
    /**
     * `auth_time`: when the user authenticated, in seconds since the epoch.
     */
    public let authTime: UInt64?
    /**
     * `acr`: how strong the authentication was, in words that issuer and client have agreed upon.
     */
    public let acr: String?
    /**
     * `amr`: the ways of authentication (RFC 8176); empty where the token names none.
     */
    public let amr: [String]
    /**
     * `sid`: the session at the issuer.
     */
    public let sessionId: String?
    /**
     * `name`: the whole name, fit to be shown.
     */
    public let name: String?
    /**
     * `preferred_username`: by which name the user wants to be called. It tells nobody from others.
     */
    public let preferredUsername: String?
    /**
     * `email`: an address.
     */
    public let email: String?
    /**
     * `email_verified`: whether the issuer has seen that the address is the user's.
     */
    public let emailVerified: Bool?
    /**
     * All claims, these and others: a JSON object.
     */
    public let claims: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * `iss`: who says so.
         */issuer: String,
        /**
         * `sub`: whom the issuer means; 1 to 255 ASCII characters.
         */subject: String,
        /**
         * `aud`: the clients that it was said to.
         */audience: [String],
        /**
         * `iat`: when it was said, in seconds since the epoch.
         */issuedAt: UInt64,
        /**
         * `exp`: until when it may be believed by one who has not seen it before, in seconds since the epoch.
         */expiresAt: UInt64,
        /**
         * `auth_time`: when the user authenticated, in seconds since the epoch.
         */authTime: UInt64?,
        /**
         * `acr`: how strong the authentication was, in words that issuer and client have agreed upon.
         */acr: String?,
        /**
         * `amr`: the ways of authentication (RFC 8176); empty where the token names none.
         */amr: [String],
        /**
         * `sid`: the session at the issuer.
         */sessionId: String?,
        /**
         * `name`: the whole name, fit to be shown.
         */name: String?,
        /**
         * `preferred_username`: by which name the user wants to be called. It tells nobody from others.
         */preferredUsername: String?,
        /**
         * `email`: an address.
         */email: String?,
        /**
         * `email_verified`: whether the issuer has seen that the address is the user's.
         */emailVerified: Bool?,
        /**
         * All claims, these and others: a JSON object.
         */claims: String) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.authTime = authTime
        self.acr = acr
        self.amr = amr
        self.sessionId = sessionId
        self.name = name
        self.preferredUsername = preferredUsername
        self.email = email
        self.emailVerified = emailVerified
        self.claims = claims
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_identity_uniffi_trait_debug(
            FfiConverterTypeIdentity_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_identity_uniffi_trait_display(
            FfiConverterTypeIdentity_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Identity: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeIdentity: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Identity {
        return
            try Identity(
                issuer: FfiConverterString.read(from: &buf),
                subject: FfiConverterString.read(from: &buf),
                audience: FfiConverterSequenceString.read(from: &buf),
                issuedAt: FfiConverterUInt64.read(from: &buf),
                expiresAt: FfiConverterUInt64.read(from: &buf),
                authTime: FfiConverterOptionUInt64.read(from: &buf),
                acr: FfiConverterOptionString.read(from: &buf),
                amr: FfiConverterSequenceString.read(from: &buf),
                sessionId: FfiConverterOptionString.read(from: &buf),
                name: FfiConverterOptionString.read(from: &buf),
                preferredUsername: FfiConverterOptionString.read(from: &buf),
                email: FfiConverterOptionString.read(from: &buf),
                emailVerified: FfiConverterOptionBool.read(from: &buf),
                claims: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: Identity, into buf: inout [UInt8]) {
        FfiConverterString.write(value.issuer, into: &buf)
        FfiConverterString.write(value.subject, into: &buf)
        FfiConverterSequenceString.write(value.audience, into: &buf)
        FfiConverterUInt64.write(value.issuedAt, into: &buf)
        FfiConverterUInt64.write(value.expiresAt, into: &buf)
        FfiConverterOptionUInt64.write(value.authTime, into: &buf)
        FfiConverterOptionString.write(value.acr, into: &buf)
        FfiConverterSequenceString.write(value.amr, into: &buf)
        FfiConverterOptionString.write(value.sessionId, into: &buf)
        FfiConverterOptionString.write(value.name, into: &buf)
        FfiConverterOptionString.write(value.preferredUsername, into: &buf)
        FfiConverterOptionString.write(value.email, into: &buf)
        FfiConverterOptionBool.write(value.emailVerified, into: &buf)
        FfiConverterString.write(value.claims, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIdentity_lift(_ buf: RustBuffer) throws -> Identity {
    return try FfiConverterTypeIdentity.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIdentity_lower(_ value: Identity) -> RustBuffer {
    return FfiConverterTypeIdentity.lower(value)
}


/**
 * What an answer's tokens were issued from.
 */
public struct Issuance: Equatable, Hashable {
    /**
     * The grant.
     */
    public let grant: Grant
    /**
     * The scope of the access token, separated by single spaces.
     */
    public let scope: String
    /**
     * SHA-256 of the access token: 32 bytes. Its left half, in base64url, is what an ID token calls `at_hash`
     * (OpenID Connect Core §3.1.3.6), where that is signed with a 256-bit hash.
     */
    public let accessTokenHash: Data
    /**
     * Whether they are the first ones of the grant, for a code: then an ID token says the request's nonce again, and
     * after a refresh it does not (OpenID Connect Core §12.2).
     */
    public let first: Bool

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The grant.
         */grant: Grant,
        /**
         * The scope of the access token, separated by single spaces.
         */scope: String,
        /**
         * SHA-256 of the access token: 32 bytes. Its left half, in base64url, is what an ID token calls `at_hash`
         * (OpenID Connect Core §3.1.3.6), where that is signed with a 256-bit hash.
         */accessTokenHash: Data,
        /**
         * Whether they are the first ones of the grant, for a code: then an ID token says the request's nonce again, and
         * after a refresh it does not (OpenID Connect Core §12.2).
         */first: Bool) {
        self.grant = grant
        self.scope = scope
        self.accessTokenHash = accessTokenHash
        self.first = first
    }




}

#if compiler(>=6)
extension Issuance: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeIssuance: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Issuance {
        return
            try Issuance(
                grant: FfiConverterTypeGrant.read(from: &buf),
                scope: FfiConverterString.read(from: &buf),
                accessTokenHash: FfiConverterData.read(from: &buf),
                first: FfiConverterBool.read(from: &buf)
        )
    }

    public static func write(_ value: Issuance, into buf: inout [UInt8]) {
        FfiConverterTypeGrant.write(value.grant, into: &buf)
        FfiConverterString.write(value.scope, into: &buf)
        FfiConverterData.write(value.accessTokenHash, into: &buf)
        FfiConverterBool.write(value.first, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIssuance_lift(_ buf: RustBuffer) throws -> Issuance {
    return try FfiConverterTypeIssuance.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIssuance_lower(_ value: Issuance) -> RustBuffer {
    return FfiConverterTypeIssuance.lower(value)
}


/**
 * Where to send the browser.
 */
public struct IssueOutcome: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The location of a 303: with the code, or with an error where the store did not take the grant.
     * It holds the code, so it is secret and not shown.
     */
    public let location: String
    /**
     * The grant's id, for an audit log.
     */
    public let grantId: String
    /**
     * Whether a code was issued.
     */
    public let issued: Bool

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The location of a 303: with the code, or with an error where the store did not take the grant.
         * It holds the code, so it is secret and not shown.
         */location: String,
        /**
         * The grant's id, for an audit log.
         */grantId: String,
        /**
         * Whether a code was issued.
         */issued: Bool) {
        self.location = location
        self.grantId = grantId
        self.issued = issued
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_issueoutcome_uniffi_trait_debug(
            FfiConverterTypeIssueOutcome_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_issueoutcome_uniffi_trait_display(
            FfiConverterTypeIssueOutcome_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension IssueOutcome: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeIssueOutcome: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> IssueOutcome {
        return
            try IssueOutcome(
                location: FfiConverterString.read(from: &buf),
                grantId: FfiConverterString.read(from: &buf),
                issued: FfiConverterBool.read(from: &buf)
        )
    }

    public static func write(_ value: IssueOutcome, into buf: inout [UInt8]) {
        FfiConverterString.write(value.location, into: &buf)
        FfiConverterString.write(value.grantId, into: &buf)
        FfiConverterBool.write(value.issued, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIssueOutcome_lift(_ buf: RustBuffer) throws -> IssueOutcome {
    return try FfiConverterTypeIssueOutcome.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIssueOutcome_lower(_ value: IssueOutcome) -> RustBuffer {
    return FfiConverterTypeIssueOutcome.lower(value)
}


/**
 * The entry of the system's keyring that holds the data key.
 */
public struct KeyringEntry: Equatable, Hashable {
    /**
     * The name of the service.
     */
    public let service: String
    /**
     * The name of the account. Its text is the base64url, without padding, of the 32 bytes.
     */
    public let account: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The name of the service.
         */service: String,
        /**
         * The name of the account. Its text is the base64url, without padding, of the 32 bytes.
         */account: String) {
        self.service = service
        self.account = account
    }




}

#if compiler(>=6)
extension KeyringEntry: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeKeyringEntry: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> KeyringEntry {
        return
            try KeyringEntry(
                service: FfiConverterString.read(from: &buf),
                account: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: KeyringEntry, into buf: inout [UInt8]) {
        FfiConverterString.write(value.service, into: &buf)
        FfiConverterString.write(value.account, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeKeyringEntry_lift(_ buf: RustBuffer) throws -> KeyringEntry {
    return try FfiConverterTypeKeyringEntry.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeKeyringEntry_lower(_ value: KeyringEntry) -> RustBuffer {
    return FfiConverterTypeKeyringEntry.lower(value)
}


/**
 * A grant to be written.
 */
public struct NewGrant: Equatable, Hashable {
    /**
     * The part that never changes.
     */
    public let grant: Grant
    /**
     * SHA-256 of the code: 32 bytes.
     */
    public let codeHash: Data
    /**
     * How long the code may be redeemed, in seconds; at most 600 (RFC 6749 §4.1.2).
     */
    public let lifetimeS: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The part that never changes.
         */grant: Grant,
        /**
         * SHA-256 of the code: 32 bytes.
         */codeHash: Data,
        /**
         * How long the code may be redeemed, in seconds; at most 600 (RFC 6749 §4.1.2).
         */lifetimeS: UInt64) {
        self.grant = grant
        self.codeHash = codeHash
        self.lifetimeS = lifetimeS
    }




}

#if compiler(>=6)
extension NewGrant: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeNewGrant: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> NewGrant {
        return
            try NewGrant(
                grant: FfiConverterTypeGrant.read(from: &buf),
                codeHash: FfiConverterData.read(from: &buf),
                lifetimeS: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: NewGrant, into buf: inout [UInt8]) {
        FfiConverterTypeGrant.write(value.grant, into: &buf)
        FfiConverterData.write(value.codeHash, into: &buf)
        FfiConverterUInt64.write(value.lifetimeS, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeNewGrant_lift(_ buf: RustBuffer) throws -> NewGrant {
    return try FfiConverterTypeNewGrant.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeNewGrant_lower(_ value: NewGrant) -> RustBuffer {
    return FfiConverterTypeNewGrant.lower(value)
}


/**
 * A token to be written.
 */
public struct NewToken: Equatable, Hashable {
    /**
     * What it is for.
     */
    public let kind: TokenKind
    /**
     * SHA-256 of the token: 32 bytes.
     */
    public let tokenHash: Data
    /**
     * How long it is valid, in seconds.
     */
    public let lifetimeS: UInt64
    /**
     * Its scope, where it is narrower than the grant's; none: the grant's.
     */
    public let scope: String?
    /**
     * The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token. A store that forgets it
     * makes it one.
     */
    public let dpopJkt: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What it is for.
         */kind: TokenKind,
        /**
         * SHA-256 of the token: 32 bytes.
         */tokenHash: Data,
        /**
         * How long it is valid, in seconds.
         */lifetimeS: UInt64,
        /**
         * Its scope, where it is narrower than the grant's; none: the grant's.
         */scope: String?,
        /**
         * The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token. A store that forgets it
         * makes it one.
         */dpopJkt: String?) {
        self.kind = kind
        self.tokenHash = tokenHash
        self.lifetimeS = lifetimeS
        self.scope = scope
        self.dpopJkt = dpopJkt
    }




}

#if compiler(>=6)
extension NewToken: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeNewToken: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> NewToken {
        return
            try NewToken(
                kind: FfiConverterTypeTokenKind.read(from: &buf),
                tokenHash: FfiConverterData.read(from: &buf),
                lifetimeS: FfiConverterUInt64.read(from: &buf),
                scope: FfiConverterOptionString.read(from: &buf),
                dpopJkt: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: NewToken, into buf: inout [UInt8]) {
        FfiConverterTypeTokenKind.write(value.kind, into: &buf)
        FfiConverterData.write(value.tokenHash, into: &buf)
        FfiConverterUInt64.write(value.lifetimeS, into: &buf)
        FfiConverterOptionString.write(value.scope, into: &buf)
        FfiConverterOptionString.write(value.dpopJkt, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeNewToken_lift(_ buf: RustBuffer) throws -> NewToken {
    return try FfiConverterTypeNewToken.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeNewToken_lower(_ value: NewToken) -> RustBuffer {
    return FfiConverterTypeNewToken.lower(value)
}


/**
 * A parameter of the authorization request, both parts before encoding.
 */
public struct Parameter: Equatable, Hashable {
    /**
     * Its name.
     */
    public let name: String
    /**
     * Its value.
     */
    public let value: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Its name.
         */name: String,
        /**
         * Its value.
         */value: String) {
        self.name = name
        self.value = value
    }




}

#if compiler(>=6)
extension Parameter: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeParameter: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Parameter {
        return
            try Parameter(
                name: FfiConverterString.read(from: &buf),
                value: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: Parameter, into buf: inout [UInt8]) {
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterString.write(value.value, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeParameter_lift(_ buf: RustBuffer) throws -> Parameter {
    return try FfiConverterTypeParameter.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeParameter_lower(_ value: Parameter) -> RustBuffer {
    return FfiConverterTypeParameter.lower(value)
}


/**
 * What an authorization server chooses where the texts leave a choice.
 */
public struct Policy: Equatable, Hashable {
    /**
     * The server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
     */
    public let issuer: String
    /**
     * Which text rules.
     */
    public let profile: Profile
    /**
     * How long a code lives, in seconds. More than 600 counts as 600.
     */
    public let codeLifetimeS: UInt64
    /**
     * How long an access token lives, in seconds.
     */
    public let accessTokenLifetimeS: UInt64
    /**
     * How long a refresh token lives unused, in seconds. 0: none is issued and none is taken.
     */
    public let refreshTokenLifetimeS: UInt64
    /**
     * How long the immediate predecessor of a refresh token may still be exchanged while its successor
     * is unused, in seconds; more than 30 counts as 30. 0: never.
     */
    public let reuseWindowS: UInt64
    /**
     * After so many wrong verifiers a grant is burnt.
     */
    public let maxMismatches: UInt32
    /**
     * Scopes that every client may ask for, beside those of its own record: `openid`, for example.
     */
    public let openScopes: [String]
    /**
     * The types of authorization details that are granted (RFC 9396 §2); none here: every type.
     */
    public let detailsTypes: [String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
         */issuer: String,
        /**
         * Which text rules.
         */profile: Profile,
        /**
         * How long a code lives, in seconds. More than 600 counts as 600.
         */codeLifetimeS: UInt64 = UInt64(60),
        /**
         * How long an access token lives, in seconds.
         */accessTokenLifetimeS: UInt64 = UInt64(3600),
        /**
         * How long a refresh token lives unused, in seconds. 0: none is issued and none is taken.
         */refreshTokenLifetimeS: UInt64 = UInt64(1209600),
        /**
         * How long the immediate predecessor of a refresh token may still be exchanged while its successor
         * is unused, in seconds; more than 30 counts as 30. 0: never.
         */reuseWindowS: UInt64 = UInt64(0),
        /**
         * After so many wrong verifiers a grant is burnt.
         */maxMismatches: UInt32 = UInt32(5),
        /**
         * Scopes that every client may ask for, beside those of its own record: `openid`, for example.
         */openScopes: [String] = [],
        /**
         * The types of authorization details that are granted (RFC 9396 §2); none here: every type.
         */detailsTypes: [String] = []) {
        self.issuer = issuer
        self.profile = profile
        self.codeLifetimeS = codeLifetimeS
        self.accessTokenLifetimeS = accessTokenLifetimeS
        self.refreshTokenLifetimeS = refreshTokenLifetimeS
        self.reuseWindowS = reuseWindowS
        self.maxMismatches = maxMismatches
        self.openScopes = openScopes
        self.detailsTypes = detailsTypes
    }




}

#if compiler(>=6)
extension Policy: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypePolicy: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Policy {
        return
            try Policy(
                issuer: FfiConverterString.read(from: &buf),
                profile: FfiConverterTypeProfile.read(from: &buf),
                codeLifetimeS: FfiConverterUInt64.read(from: &buf),
                accessTokenLifetimeS: FfiConverterUInt64.read(from: &buf),
                refreshTokenLifetimeS: FfiConverterUInt64.read(from: &buf),
                reuseWindowS: FfiConverterUInt64.read(from: &buf),
                maxMismatches: FfiConverterUInt32.read(from: &buf),
                openScopes: FfiConverterSequenceString.read(from: &buf),
                detailsTypes: FfiConverterSequenceString.read(from: &buf)
        )
    }

    public static func write(_ value: Policy, into buf: inout [UInt8]) {
        FfiConverterString.write(value.issuer, into: &buf)
        FfiConverterTypeProfile.write(value.profile, into: &buf)
        FfiConverterUInt64.write(value.codeLifetimeS, into: &buf)
        FfiConverterUInt64.write(value.accessTokenLifetimeS, into: &buf)
        FfiConverterUInt64.write(value.refreshTokenLifetimeS, into: &buf)
        FfiConverterUInt64.write(value.reuseWindowS, into: &buf)
        FfiConverterUInt32.write(value.maxMismatches, into: &buf)
        FfiConverterSequenceString.write(value.openScopes, into: &buf)
        FfiConverterSequenceString.write(value.detailsTypes, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePolicy_lift(_ buf: RustBuffer) throws -> Policy {
    return try FfiConverterTypePolicy.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePolicy_lower(_ value: Policy) -> RustBuffer {
    return FfiConverterTypePolicy.lower(value)
}


/**
 * What a server asks of proofs of possession (RFC 9449).
 */
public struct ProofRules: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2).
     */
    public let required: Bool
    /**
     * How far a proof's time may be from the server's, in seconds, forward or back (RFC 9449 §11.1).
     */
    public let windowS: UInt64
    /**
     * The key that the server's nonces are made with (RFC 9449 §8): 32 bytes of a good generator, the same on every
     * node of the server. None: proofs need no nonce. It is a secret and not shown.
     */
    public let nonceKey: Data?
    /**
     * After so many seconds there is a new nonce; the one before it is good for as long again.
     */
    public let nonceLifetimeS: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2).
         */required: Bool = false,
        /**
         * How far a proof's time may be from the server's, in seconds, forward or back (RFC 9449 §11.1).
         */windowS: UInt64 = UInt64(60),
        /**
         * The key that the server's nonces are made with (RFC 9449 §8): 32 bytes of a good generator, the same on every
         * node of the server. None: proofs need no nonce. It is a secret and not shown.
         */nonceKey: Data? = nil,
        /**
         * After so many seconds there is a new nonce; the one before it is good for as long again.
         */nonceLifetimeS: UInt64 = UInt64(300)) {
        self.required = required
        self.windowS = windowS
        self.nonceKey = nonceKey
        self.nonceLifetimeS = nonceLifetimeS
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_proofrules_uniffi_trait_debug(
            FfiConverterTypeProofRules_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_proofrules_uniffi_trait_display(
            FfiConverterTypeProofRules_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension ProofRules: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeProofRules: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ProofRules {
        return
            try ProofRules(
                required: FfiConverterBool.read(from: &buf),
                windowS: FfiConverterUInt64.read(from: &buf),
                nonceKey: FfiConverterOptionData.read(from: &buf),
                nonceLifetimeS: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: ProofRules, into buf: inout [UInt8]) {
        FfiConverterBool.write(value.required, into: &buf)
        FfiConverterUInt64.write(value.windowS, into: &buf)
        FfiConverterOptionData.write(value.nonceKey, into: &buf)
        FfiConverterUInt64.write(value.nonceLifetimeS, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProofRules_lift(_ buf: RustBuffer) throws -> ProofRules {
    return try FfiConverterTypeProofRules.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProofRules_lower(_ value: ProofRules) -> RustBuffer {
    return FfiConverterTypeProofRules.lower(value)
}


/**
 * A protected resource, as its metadata describes it. Plain data without secrets.
 */
public struct ProtectedResource: Equatable, Hashable {
    /**
     * The resource, byte for byte the one that was asked for: the resource indicator (RFC 8707) of every
     * request for its tokens.
     */
    public let resource: String
    /**
     * The issuers of tokens that it takes; may be empty. Not checked until one is chosen.
     */
    public let authorizationServers: [String]
    /**
     * `scopes_supported`; none where it is absent.
     */
    public let scopes: [String]?
    /**
     * `bearer_methods_supported`; none where it is absent.
     */
    public let bearerMethods: [String]?
    /**
     * Where the document was.
     */
    public let metadataUrl: String
    /**
     * When it was fetched, in seconds since the epoch by the clock that was given.
     */
    public let fetchedAt: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The resource, byte for byte the one that was asked for: the resource indicator (RFC 8707) of every
         * request for its tokens.
         */resource: String,
        /**
         * The issuers of tokens that it takes; may be empty. Not checked until one is chosen.
         */authorizationServers: [String],
        /**
         * `scopes_supported`; none where it is absent.
         */scopes: [String]?,
        /**
         * `bearer_methods_supported`; none where it is absent.
         */bearerMethods: [String]?,
        /**
         * Where the document was.
         */metadataUrl: String,
        /**
         * When it was fetched, in seconds since the epoch by the clock that was given.
         */fetchedAt: UInt64) {
        self.resource = resource
        self.authorizationServers = authorizationServers
        self.scopes = scopes
        self.bearerMethods = bearerMethods
        self.metadataUrl = metadataUrl
        self.fetchedAt = fetchedAt
    }




}

#if compiler(>=6)
extension ProtectedResource: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeProtectedResource: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ProtectedResource {
        return
            try ProtectedResource(
                resource: FfiConverterString.read(from: &buf),
                authorizationServers: FfiConverterSequenceString.read(from: &buf),
                scopes: FfiConverterOptionSequenceString.read(from: &buf),
                bearerMethods: FfiConverterOptionSequenceString.read(from: &buf),
                metadataUrl: FfiConverterString.read(from: &buf),
                fetchedAt: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: ProtectedResource, into buf: inout [UInt8]) {
        FfiConverterString.write(value.resource, into: &buf)
        FfiConverterSequenceString.write(value.authorizationServers, into: &buf)
        FfiConverterOptionSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionSequenceString.write(value.bearerMethods, into: &buf)
        FfiConverterString.write(value.metadataUrl, into: &buf)
        FfiConverterUInt64.write(value.fetchedAt, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProtectedResource_lift(_ buf: RustBuffer) throws -> ProtectedResource {
    return try FfiConverterTypeProtectedResource.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProtectedResource_lower(_ value: ProtectedResource) -> RustBuffer {
    return FfiConverterTypeProtectedResource.lower(value)
}


/**
 * An authorization server, as its metadata describes it. Plain data without secrets; what is not named
 * here was not read.
 */
public struct Provider: Equatable, Hashable {
    /**
     * The issuer, byte for byte the one that was asked for.
     */
    public let issuer: String
    /**
     * Where the user is sent.
     */
    public let authorizationEndpoint: String
    /**
     * Where codes and refresh tokens are redeemed.
     */
    public let tokenEndpoint: String
    /**
     * Where tokens are revoked (RFC 7009).
     */
    public let revocationEndpoint: String?
    /**
     * Where clients register (RFC 7591).
     */
    public let registrationEndpoint: String?
    /**
     * Where authorization requests are pushed (RFC 9126).
     */
    public let pushedAuthorizationRequestEndpoint: String?
    /**
     * Where device codes come from (RFC 8628).
     */
    public let deviceAuthorizationEndpoint: String?
    /**
     * Where the user signs out (OpenID Connect RP-Initiated Logout).
     */
    public let endSessionEndpoint: String?
    /**
     * Where the signing keys are (RFC 8414 §2).
     */
    public let jwksUri: String?
    /**
     * Whether every authorization response carries `iss` (RFC 9207 §3).
     */
    public let issPromised: Bool
    /**
     * Whether authorization requests must be pushed (RFC 9126 §5).
     */
    public let requirePushedAuthorizationRequests: Bool
    /**
     * Whether a client may be named by the URL of its document.
     */
    public let clientIdMetadataDocumentSupported: Bool
    /**
     * `code_challenge_methods_supported`; none where it is absent.
     */
    public let codeChallengeMethods: [String]?
    /**
     * `grant_types_supported`; none where it is absent.
     */
    public let grantTypes: [String]?
    /**
     * `scopes_supported`; none where it is absent. A server need not list all (RFC 8414 §2).
     */
    public let scopes: [String]?
    /**
     * `token_endpoint_auth_methods_supported`; none where it is absent. Nothing is decided by it.
     */
    public let tokenEndpointAuthMethods: [String]?
    /**
     * `dpop_signing_alg_values_supported`; none where it is absent.
     */
    public let dpopSigningAlgs: [String]?
    /**
     * Where the document was.
     */
    public let metadataUrl: String
    /**
     * When it was fetched, in seconds since the epoch by the clock that was given.
     */
    public let fetchedAt: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The issuer, byte for byte the one that was asked for.
         */issuer: String,
        /**
         * Where the user is sent.
         */authorizationEndpoint: String,
        /**
         * Where codes and refresh tokens are redeemed.
         */tokenEndpoint: String,
        /**
         * Where tokens are revoked (RFC 7009).
         */revocationEndpoint: String?,
        /**
         * Where clients register (RFC 7591).
         */registrationEndpoint: String?,
        /**
         * Where authorization requests are pushed (RFC 9126).
         */pushedAuthorizationRequestEndpoint: String?,
        /**
         * Where device codes come from (RFC 8628).
         */deviceAuthorizationEndpoint: String?,
        /**
         * Where the user signs out (OpenID Connect RP-Initiated Logout).
         */endSessionEndpoint: String?,
        /**
         * Where the signing keys are (RFC 8414 §2).
         */jwksUri: String?,
        /**
         * Whether every authorization response carries `iss` (RFC 9207 §3).
         */issPromised: Bool,
        /**
         * Whether authorization requests must be pushed (RFC 9126 §5).
         */requirePushedAuthorizationRequests: Bool,
        /**
         * Whether a client may be named by the URL of its document.
         */clientIdMetadataDocumentSupported: Bool,
        /**
         * `code_challenge_methods_supported`; none where it is absent.
         */codeChallengeMethods: [String]?,
        /**
         * `grant_types_supported`; none where it is absent.
         */grantTypes: [String]?,
        /**
         * `scopes_supported`; none where it is absent. A server need not list all (RFC 8414 §2).
         */scopes: [String]?,
        /**
         * `token_endpoint_auth_methods_supported`; none where it is absent. Nothing is decided by it.
         */tokenEndpointAuthMethods: [String]?,
        /**
         * `dpop_signing_alg_values_supported`; none where it is absent.
         */dpopSigningAlgs: [String]?,
        /**
         * Where the document was.
         */metadataUrl: String,
        /**
         * When it was fetched, in seconds since the epoch by the clock that was given.
         */fetchedAt: UInt64) {
        self.issuer = issuer
        self.authorizationEndpoint = authorizationEndpoint
        self.tokenEndpoint = tokenEndpoint
        self.revocationEndpoint = revocationEndpoint
        self.registrationEndpoint = registrationEndpoint
        self.pushedAuthorizationRequestEndpoint = pushedAuthorizationRequestEndpoint
        self.deviceAuthorizationEndpoint = deviceAuthorizationEndpoint
        self.endSessionEndpoint = endSessionEndpoint
        self.jwksUri = jwksUri
        self.issPromised = issPromised
        self.requirePushedAuthorizationRequests = requirePushedAuthorizationRequests
        self.clientIdMetadataDocumentSupported = clientIdMetadataDocumentSupported
        self.codeChallengeMethods = codeChallengeMethods
        self.grantTypes = grantTypes
        self.scopes = scopes
        self.tokenEndpointAuthMethods = tokenEndpointAuthMethods
        self.dpopSigningAlgs = dpopSigningAlgs
        self.metadataUrl = metadataUrl
        self.fetchedAt = fetchedAt
    }




}

#if compiler(>=6)
extension Provider: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeProvider: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Provider {
        return
            try Provider(
                issuer: FfiConverterString.read(from: &buf),
                authorizationEndpoint: FfiConverterString.read(from: &buf),
                tokenEndpoint: FfiConverterString.read(from: &buf),
                revocationEndpoint: FfiConverterOptionString.read(from: &buf),
                registrationEndpoint: FfiConverterOptionString.read(from: &buf),
                pushedAuthorizationRequestEndpoint: FfiConverterOptionString.read(from: &buf),
                deviceAuthorizationEndpoint: FfiConverterOptionString.read(from: &buf),
                endSessionEndpoint: FfiConverterOptionString.read(from: &buf),
                jwksUri: FfiConverterOptionString.read(from: &buf),
                issPromised: FfiConverterBool.read(from: &buf),
                requirePushedAuthorizationRequests: FfiConverterBool.read(from: &buf),
                clientIdMetadataDocumentSupported: FfiConverterBool.read(from: &buf),
                codeChallengeMethods: FfiConverterOptionSequenceString.read(from: &buf),
                grantTypes: FfiConverterOptionSequenceString.read(from: &buf),
                scopes: FfiConverterOptionSequenceString.read(from: &buf),
                tokenEndpointAuthMethods: FfiConverterOptionSequenceString.read(from: &buf),
                dpopSigningAlgs: FfiConverterOptionSequenceString.read(from: &buf),
                metadataUrl: FfiConverterString.read(from: &buf),
                fetchedAt: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: Provider, into buf: inout [UInt8]) {
        FfiConverterString.write(value.issuer, into: &buf)
        FfiConverterString.write(value.authorizationEndpoint, into: &buf)
        FfiConverterString.write(value.tokenEndpoint, into: &buf)
        FfiConverterOptionString.write(value.revocationEndpoint, into: &buf)
        FfiConverterOptionString.write(value.registrationEndpoint, into: &buf)
        FfiConverterOptionString.write(value.pushedAuthorizationRequestEndpoint, into: &buf)
        FfiConverterOptionString.write(value.deviceAuthorizationEndpoint, into: &buf)
        FfiConverterOptionString.write(value.endSessionEndpoint, into: &buf)
        FfiConverterOptionString.write(value.jwksUri, into: &buf)
        FfiConverterBool.write(value.issPromised, into: &buf)
        FfiConverterBool.write(value.requirePushedAuthorizationRequests, into: &buf)
        FfiConverterBool.write(value.clientIdMetadataDocumentSupported, into: &buf)
        FfiConverterOptionSequenceString.write(value.codeChallengeMethods, into: &buf)
        FfiConverterOptionSequenceString.write(value.grantTypes, into: &buf)
        FfiConverterOptionSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionSequenceString.write(value.tokenEndpointAuthMethods, into: &buf)
        FfiConverterOptionSequenceString.write(value.dpopSigningAlgs, into: &buf)
        FfiConverterString.write(value.metadataUrl, into: &buf)
        FfiConverterUInt64.write(value.fetchedAt, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProvider_lift(_ buf: RustBuffer) throws -> Provider {
    return try FfiConverterTypeProvider.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProvider_lower(_ value: Provider) -> RustBuffer {
    return FfiConverterTypeProvider.lower(value)
}


/**
 * What the pages for signing in and for consent have to know of the request. Whoever wrote the address chose it:
 * escape what is shown.
 */
public struct RequestDetails: Equatable, Hashable {
    /**
     * The client that asks.
     */
    public let clientId: String
    /**
     * Where the answer goes. Show its host on the consent page.
     */
    public let redirectUri: String
    /**
     * The scopes that are asked for.
     */
    public let scopes: [String]
    /**
     * The resource that is asked for (RFC 8707).
     */
    public let resource: String?
    /**
     * The challenge that the grant will be bound to.
     */
    public let codeChallenge: String
    /**
     * The key that the code will be bound to, by its thumbprint (`dpop_jkt`, RFC 9449 §10).
     */
    public let dpopJkt: String?
    /**
     * What else is asked for: an array, as JSON text (RFC 9396 §2). Show it on the consent page.
     */
    public let authorizationDetails: String?
    /**
     * How the user should sign in: authentication context classes, the preferred one first (`acr_values`, OpenID
     * Connect Core §3.1.2.1, RFC 9470 §4).
     */
    public let acrValues: [String]
    /**
     * How long ago the user may have signed in at most, in seconds (OpenID Connect Core §3.1.2.1). After a longer
     * time the user has to sign in anew.
     */
    public let maxAge: UInt64?
    /**
     * What the user is to be asked (OpenID Connect Core §3.1.2.1): `none` alone, or any of `login`, `consent`,
     * `select_account` and what a server adds. Empty: the server's choice.
     */
    public let prompt: [String]
    /**
     * Who the client thinks will sign in (OpenID Connect Core §3.1.2.1). Believe nothing of it.
     */
    public let loginHint: String?
    /**
     * The languages that the user prefers, as BCP 47 tags, the preferred one first (OpenID Connect Core §3.1.2.1).
     */
    public let uiLocales: [String]
    /**
     * What the ID token will say again (OpenID Connect Core §3.1.2.1).
     */
    public let nonce: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The client that asks.
         */clientId: String,
        /**
         * Where the answer goes. Show its host on the consent page.
         */redirectUri: String,
        /**
         * The scopes that are asked for.
         */scopes: [String],
        /**
         * The resource that is asked for (RFC 8707).
         */resource: String?,
        /**
         * The challenge that the grant will be bound to.
         */codeChallenge: String,
        /**
         * The key that the code will be bound to, by its thumbprint (`dpop_jkt`, RFC 9449 §10).
         */dpopJkt: String?,
        /**
         * What else is asked for: an array, as JSON text (RFC 9396 §2). Show it on the consent page.
         */authorizationDetails: String?,
        /**
         * How the user should sign in: authentication context classes, the preferred one first (`acr_values`, OpenID
         * Connect Core §3.1.2.1, RFC 9470 §4).
         */acrValues: [String],
        /**
         * How long ago the user may have signed in at most, in seconds (OpenID Connect Core §3.1.2.1). After a longer
         * time the user has to sign in anew.
         */maxAge: UInt64?,
        /**
         * What the user is to be asked (OpenID Connect Core §3.1.2.1): `none` alone, or any of `login`, `consent`,
         * `select_account` and what a server adds. Empty: the server's choice.
         */prompt: [String],
        /**
         * Who the client thinks will sign in (OpenID Connect Core §3.1.2.1). Believe nothing of it.
         */loginHint: String?,
        /**
         * The languages that the user prefers, as BCP 47 tags, the preferred one first (OpenID Connect Core §3.1.2.1).
         */uiLocales: [String],
        /**
         * What the ID token will say again (OpenID Connect Core §3.1.2.1).
         */nonce: String?) {
        self.clientId = clientId
        self.redirectUri = redirectUri
        self.scopes = scopes
        self.resource = resource
        self.codeChallenge = codeChallenge
        self.dpopJkt = dpopJkt
        self.authorizationDetails = authorizationDetails
        self.acrValues = acrValues
        self.maxAge = maxAge
        self.prompt = prompt
        self.loginHint = loginHint
        self.uiLocales = uiLocales
        self.nonce = nonce
    }




}

#if compiler(>=6)
extension RequestDetails: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRequestDetails: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> RequestDetails {
        return
            try RequestDetails(
                clientId: FfiConverterString.read(from: &buf),
                redirectUri: FfiConverterString.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf),
                resource: FfiConverterOptionString.read(from: &buf),
                codeChallenge: FfiConverterString.read(from: &buf),
                dpopJkt: FfiConverterOptionString.read(from: &buf),
                authorizationDetails: FfiConverterOptionString.read(from: &buf),
                acrValues: FfiConverterSequenceString.read(from: &buf),
                maxAge: FfiConverterOptionUInt64.read(from: &buf),
                prompt: FfiConverterSequenceString.read(from: &buf),
                loginHint: FfiConverterOptionString.read(from: &buf),
                uiLocales: FfiConverterSequenceString.read(from: &buf),
                nonce: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: RequestDetails, into buf: inout [UInt8]) {
        FfiConverterString.write(value.clientId, into: &buf)
        FfiConverterString.write(value.redirectUri, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionString.write(value.resource, into: &buf)
        FfiConverterString.write(value.codeChallenge, into: &buf)
        FfiConverterOptionString.write(value.dpopJkt, into: &buf)
        FfiConverterOptionString.write(value.authorizationDetails, into: &buf)
        FfiConverterSequenceString.write(value.acrValues, into: &buf)
        FfiConverterOptionUInt64.write(value.maxAge, into: &buf)
        FfiConverterSequenceString.write(value.prompt, into: &buf)
        FfiConverterOptionString.write(value.loginHint, into: &buf)
        FfiConverterSequenceString.write(value.uiLocales, into: &buf)
        FfiConverterOptionString.write(value.nonce, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRequestDetails_lift(_ buf: RustBuffer) throws -> RequestDetails {
    return try FfiConverterTypeRequestDetails.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRequestDetails_lower(_ value: RequestDetails) -> RustBuffer {
    return FfiConverterTypeRequestDetails.lower(value)
}


/**
 * A request, and the proofs that came with it.
 */
public struct RequestProof: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The values of its header fields `DPoP`, each as it came: none proves nothing, and more than one is refused
     * (RFC 9449 §4.3). They are not shown.
     */
    public let fields: [String]
    /**
     * Its method.
     */
    public let method: String
    /**
     * Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
     */
    public let url: String
    /**
     * The time, in seconds since the epoch.
     */
    public let now: UInt64
    /**
     * What the server asks of proofs.
     */
    public let rules: ProofRules

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The values of its header fields `DPoP`, each as it came: none proves nothing, and more than one is refused
         * (RFC 9449 §4.3). They are not shown.
         */fields: [String],
        /**
         * Its method.
         */method: String,
        /**
         * Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
         */url: String,
        /**
         * The time, in seconds since the epoch.
         */now: UInt64,
        /**
         * What the server asks of proofs.
         */rules: ProofRules) {
        self.fields = fields
        self.method = method
        self.url = url
        self.now = now
        self.rules = rules
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_requestproof_uniffi_trait_debug(
            FfiConverterTypeRequestProof_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_requestproof_uniffi_trait_display(
            FfiConverterTypeRequestProof_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension RequestProof: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRequestProof: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> RequestProof {
        return
            try RequestProof(
                fields: FfiConverterSequenceString.read(from: &buf),
                method: FfiConverterString.read(from: &buf),
                url: FfiConverterString.read(from: &buf),
                now: FfiConverterUInt64.read(from: &buf),
                rules: FfiConverterTypeProofRules.read(from: &buf)
        )
    }

    public static func write(_ value: RequestProof, into buf: inout [UInt8]) {
        FfiConverterSequenceString.write(value.fields, into: &buf)
        FfiConverterString.write(value.method, into: &buf)
        FfiConverterString.write(value.url, into: &buf)
        FfiConverterUInt64.write(value.now, into: &buf)
        FfiConverterTypeProofRules.write(value.rules, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRequestProof_lift(_ buf: RustBuffer) throws -> RequestProof {
    return try FfiConverterTypeRequestProof.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRequestProof_lower(_ value: RequestProof) -> RustBuffer {
    return FfiConverterTypeRequestProof.lower(value)
}


/**
 * What a sign-in needs to know.
 */
public struct SignInConfig: Equatable, Hashable {
    /**
     * The authorization server's identifier (RFC 8414 §2), compared as a string.
     */
    public let issuer: String
    /**
     * Where the user is sent (RFC 6749 §3.1).
     */
    public let authorizationEndpoint: String
    /**
     * Where the code is redeemed (RFC 6749 §3.2).
     */
    public let tokenEndpoint: String
    /**
     * Whether the server promises `iss` in its answers (RFC 9207 §3).
     */
    public let issPromised: Bool
    /**
     * The public client's identifier.
     */
    public let clientId: String
    /**
     * Where the answer arrives.
     */
    public let redirect: RedirectTarget
    /**
     * The scopes; may be empty.
     */
    public let scopes: [String]
    /**
     * The resource that the tokens are for (RFC 8707).
     */
    public let resource: String?
    /**
     * How long the user may take, in milliseconds; from 1 s to 1 h.
     */
    public let browseTimeoutMs: UInt64
    /**
     * More parameters of the authorization request; none may stand in for one that ProofKey sets.
     */
    public let extraParameters: [Parameter]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The authorization server's identifier (RFC 8414 §2), compared as a string.
         */issuer: String,
        /**
         * Where the user is sent (RFC 6749 §3.1).
         */authorizationEndpoint: String,
        /**
         * Where the code is redeemed (RFC 6749 §3.2).
         */tokenEndpoint: String,
        /**
         * Whether the server promises `iss` in its answers (RFC 9207 §3).
         */issPromised: Bool,
        /**
         * The public client's identifier.
         */clientId: String,
        /**
         * Where the answer arrives.
         */redirect: RedirectTarget,
        /**
         * The scopes; may be empty.
         */scopes: [String],
        /**
         * The resource that the tokens are for (RFC 8707).
         */resource: String?,
        /**
         * How long the user may take, in milliseconds; from 1 s to 1 h.
         */browseTimeoutMs: UInt64,
        /**
         * More parameters of the authorization request; none may stand in for one that ProofKey sets.
         */extraParameters: [Parameter] = []) {
        self.issuer = issuer
        self.authorizationEndpoint = authorizationEndpoint
        self.tokenEndpoint = tokenEndpoint
        self.issPromised = issPromised
        self.clientId = clientId
        self.redirect = redirect
        self.scopes = scopes
        self.resource = resource
        self.browseTimeoutMs = browseTimeoutMs
        self.extraParameters = extraParameters
    }




}

#if compiler(>=6)
extension SignInConfig: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSignInConfig: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SignInConfig {
        return
            try SignInConfig(
                issuer: FfiConverterString.read(from: &buf),
                authorizationEndpoint: FfiConverterString.read(from: &buf),
                tokenEndpoint: FfiConverterString.read(from: &buf),
                issPromised: FfiConverterBool.read(from: &buf),
                clientId: FfiConverterString.read(from: &buf),
                redirect: FfiConverterTypeRedirectTarget.read(from: &buf),
                scopes: FfiConverterSequenceString.read(from: &buf),
                resource: FfiConverterOptionString.read(from: &buf),
                browseTimeoutMs: FfiConverterUInt64.read(from: &buf),
                extraParameters: FfiConverterSequenceTypeParameter.read(from: &buf)
        )
    }

    public static func write(_ value: SignInConfig, into buf: inout [UInt8]) {
        FfiConverterString.write(value.issuer, into: &buf)
        FfiConverterString.write(value.authorizationEndpoint, into: &buf)
        FfiConverterString.write(value.tokenEndpoint, into: &buf)
        FfiConverterBool.write(value.issPromised, into: &buf)
        FfiConverterString.write(value.clientId, into: &buf)
        FfiConverterTypeRedirectTarget.write(value.redirect, into: &buf)
        FfiConverterSequenceString.write(value.scopes, into: &buf)
        FfiConverterOptionString.write(value.resource, into: &buf)
        FfiConverterUInt64.write(value.browseTimeoutMs, into: &buf)
        FfiConverterSequenceTypeParameter.write(value.extraParameters, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSignInConfig_lift(_ buf: RustBuffer) throws -> SignInConfig {
    return try FfiConverterTypeSignInConfig.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSignInConfig_lower(_ value: SignInConfig) -> RustBuffer {
    return FfiConverterTypeSignInConfig.lower(value)
}


/**
 * What the next sign-in must ask for.
 */
public struct StepUp: Equatable, Hashable {
    /**
     * The scopes: those of the last sign-in, and what is demanded now; none where nobody named any.
     */
    public let scopes: [String]
    /**
     * The authentication context class references that will do, the preferred ones first (RFC 9470 §4).
     */
    public let acrValues: [String]
    /**
     * How old the user's authentication may be, in seconds (RFC 9470 §4).
     */
    public let maxAge: UInt64?
    /**
     * Where the resource's metadata is, if the answer says so (RFC 9728 §5.1).
     */
    public let resourceMetadata: String?
    /**
     * The `WWW-Authenticate` fields of the answer, for the run of the flow that signs in.
     */
    public let wwwAuthenticate: [String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The scopes: those of the last sign-in, and what is demanded now; none where nobody named any.
         */scopes: [String],
        /**
         * The authentication context class references that will do, the preferred ones first (RFC 9470 §4).
         */acrValues: [String],
        /**
         * How old the user's authentication may be, in seconds (RFC 9470 §4).
         */maxAge: UInt64?,
        /**
         * Where the resource's metadata is, if the answer says so (RFC 9728 §5.1).
         */resourceMetadata: String?,
        /**
         * The `WWW-Authenticate` fields of the answer, for the run of the flow that signs in.
         */wwwAuthenticate: [String]) {
        self.scopes = scopes
        self.acrValues = acrValues
        self.maxAge = maxAge
        self.resourceMetadata = resourceMetadata
        self.wwwAuthenticate = wwwAuthenticate
    }




}

#if compiler(>=6)
extension StepUp: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStepUp: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> StepUp {
        return
            try StepUp(
                scopes: FfiConverterSequenceString.read(from: &buf),
                acrValues: FfiConverterSequenceString.read(from: &buf),
                maxAge: FfiConverterOptionUInt64.read(from: &buf),
                resourceMetadata: FfiConverterOptionString.read(from: &buf),
                wwwAuthenticate: FfiConverterSequenceString.read(from: &buf)
        )
    }

    public static func write(_ value: StepUp, into buf: inout [UInt8]) {
        FfiConverterSequenceString.write(value.scopes, into: &buf)
        FfiConverterSequenceString.write(value.acrValues, into: &buf)
        FfiConverterOptionUInt64.write(value.maxAge, into: &buf)
        FfiConverterOptionString.write(value.resourceMetadata, into: &buf)
        FfiConverterSequenceString.write(value.wwwAuthenticate, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStepUp_lift(_ buf: RustBuffer) throws -> StepUp {
    return try FfiConverterTypeStepUp.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStepUp_lower(_ value: StepUp) -> RustBuffer {
    return FfiConverterTypeStepUp.lower(value)
}


/**
 * What was stored under a key. Nothing of it is shown: whether it is sealed is not known here.
 */
public struct Stored: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * Names this value; never 0.
     */
    public let revision: UInt64
    /**
     * The bytes.
     */
    public let value: Data

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Names this value; never 0.
         */revision: UInt64,
        /**
         * The bytes.
         */value: Data) {
        self.revision = revision
        self.value = value
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_stored_uniffi_trait_debug(
            FfiConverterTypeStored_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_stored_uniffi_trait_display(
            FfiConverterTypeStored_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Stored: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStored: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Stored {
        return
            try Stored(
                revision: FfiConverterUInt64.read(from: &buf),
                value: FfiConverterData.read(from: &buf)
        )
    }

    public static func write(_ value: Stored, into buf: inout [UInt8]) {
        FfiConverterUInt64.write(value.revision, into: &buf)
        FfiConverterData.write(value.value, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStored_lift(_ buf: RustBuffer) throws -> Stored {
    return try FfiConverterTypeStored.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStored_lower(_ value: Stored) -> RustBuffer {
    return FfiConverterTypeStored.lower(value)
}


/**
 * What a grant was made under beside scope and resource. All of it may be absent. A store keeps all of it: a grant
 * that comes back without its key is a grant for everybody.
 */
public struct Terms: Equatable, Hashable {
    /**
     * The thumbprint of the key that the code must be redeemed with (`dpop_jkt`, RFC 9449 §10): 43 characters of
     * base64url.
     */
    public let dpopJkt: String?
    /**
     * What the ID token must say again (OpenID Connect Core §3.1.2.1).
     */
    public let nonce: String?
    /**
     * When the user signed in, in seconds since the epoch (OpenID Connect Core §2).
     */
    public let authTime: UInt64?
    /**
     * How the user signed in: the authentication context class (OpenID Connect Core §2, RFC 9470 §4).
     */
    public let acr: String?
    /**
     * What else was granted: an array, as JSON text (RFC 9396 §2).
     */
    public let authorizationDetails: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The thumbprint of the key that the code must be redeemed with (`dpop_jkt`, RFC 9449 §10): 43 characters of
         * base64url.
         */dpopJkt: String? = nil,
        /**
         * What the ID token must say again (OpenID Connect Core §3.1.2.1).
         */nonce: String? = nil,
        /**
         * When the user signed in, in seconds since the epoch (OpenID Connect Core §2).
         */authTime: UInt64? = nil,
        /**
         * How the user signed in: the authentication context class (OpenID Connect Core §2, RFC 9470 §4).
         */acr: String? = nil,
        /**
         * What else was granted: an array, as JSON text (RFC 9396 §2).
         */authorizationDetails: String? = nil) {
        self.dpopJkt = dpopJkt
        self.nonce = nonce
        self.authTime = authTime
        self.acr = acr
        self.authorizationDetails = authorizationDetails
    }




}

#if compiler(>=6)
extension Terms: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTerms: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Terms {
        return
            try Terms(
                dpopJkt: FfiConverterOptionString.read(from: &buf),
                nonce: FfiConverterOptionString.read(from: &buf),
                authTime: FfiConverterOptionUInt64.read(from: &buf),
                acr: FfiConverterOptionString.read(from: &buf),
                authorizationDetails: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: Terms, into buf: inout [UInt8]) {
        FfiConverterOptionString.write(value.dpopJkt, into: &buf)
        FfiConverterOptionString.write(value.nonce, into: &buf)
        FfiConverterOptionUInt64.write(value.authTime, into: &buf)
        FfiConverterOptionString.write(value.acr, into: &buf)
        FfiConverterOptionString.write(value.authorizationDetails, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTerms_lift(_ buf: RustBuffer) throws -> Terms {
    return try FfiConverterTypeTerms.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTerms_lower(_ value: Terms) -> RustBuffer {
    return FfiConverterTypeTerms.lower(value)
}


/**
 * The answer of the token or the revocation endpoint, as a server sends it (RFC 6749 §5, RFC 7009 §2.2).
 */
public struct TokenAnswer: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The HTTP status.
     */
    public let status: UInt16
    /**
     * The header fields, `Cache-Control: no-store` among them.
     */
    public let headers: [Header]
    /**
     * The JSON body; it may hold a token and is not shown. Empty after a revocation.
     */
    public let body: Data
    /**
     * What happened, for logs and counters: a stable name without any secret (`issued`, `mismatch`,
     * `replay_revoked` …).
     */
    public let audit: String
    /**
     * What tokens were issued from, where some were: for an ID token beside them.
     */
    public let issued: Issuance?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The HTTP status.
         */status: UInt16,
        /**
         * The header fields, `Cache-Control: no-store` among them.
         */headers: [Header],
        /**
         * The JSON body; it may hold a token and is not shown. Empty after a revocation.
         */body: Data,
        /**
         * What happened, for logs and counters: a stable name without any secret (`issued`, `mismatch`,
         * `replay_revoked` …).
         */audit: String,
        /**
         * What tokens were issued from, where some were: for an ID token beside them.
         */issued: Issuance?) {
        self.status = status
        self.headers = headers
        self.body = body
        self.audit = audit
        self.issued = issued
    }




// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenanswer_uniffi_trait_debug(
            FfiConverterTypeTokenAnswer_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_tokenanswer_uniffi_trait_display(
            FfiConverterTypeTokenAnswer_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension TokenAnswer: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTokenAnswer: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TokenAnswer {
        return
            try TokenAnswer(
                status: FfiConverterUInt16.read(from: &buf),
                headers: FfiConverterSequenceTypeHeader.read(from: &buf),
                body: FfiConverterData.read(from: &buf),
                audit: FfiConverterString.read(from: &buf),
                issued: FfiConverterOptionTypeIssuance.read(from: &buf)
        )
    }

    public static func write(_ value: TokenAnswer, into buf: inout [UInt8]) {
        FfiConverterUInt16.write(value.status, into: &buf)
        FfiConverterSequenceTypeHeader.write(value.headers, into: &buf)
        FfiConverterData.write(value.body, into: &buf)
        FfiConverterString.write(value.audit, into: &buf)
        FfiConverterOptionTypeIssuance.write(value.issued, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenAnswer_lift(_ buf: RustBuffer) throws -> TokenAnswer {
    return try FfiConverterTypeTokenAnswer.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenAnswer_lower(_ value: TokenAnswer) -> RustBuffer {
    return FfiConverterTypeTokenAnswer.lower(value)
}


/**
 * A token as it was found, with its grant.
 */
public struct TokenRow: Equatable, Hashable {
    /**
     * What it is for.
     */
    public let kind: TokenKind
    /**
     * When it expires, in seconds since the epoch by the store's clock.
     */
    public let expiresAt: UInt64
    /**
     * Whether its grant was revoked.
     */
    public let revoked: Bool
    /**
     * The grant it was issued from.
     */
    public let grant: Grant
    /**
     * Of a refresh token: where it stands. `Newest` for every other.
     */
    public let rotation: Rotation
    /**
     * The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token.
     */
    public let dpopJkt: String?
    /**
     * Its scope, where it is narrower than the grant's; none: the grant's.
     */
    public let scope: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What it is for.
         */kind: TokenKind,
        /**
         * When it expires, in seconds since the epoch by the store's clock.
         */expiresAt: UInt64,
        /**
         * Whether its grant was revoked.
         */revoked: Bool,
        /**
         * The grant it was issued from.
         */grant: Grant,
        /**
         * Of a refresh token: where it stands. `Newest` for every other.
         */rotation: Rotation,
        /**
         * The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token.
         */dpopJkt: String?,
        /**
         * Its scope, where it is narrower than the grant's; none: the grant's.
         */scope: String? = nil) {
        self.kind = kind
        self.expiresAt = expiresAt
        self.revoked = revoked
        self.grant = grant
        self.rotation = rotation
        self.dpopJkt = dpopJkt
        self.scope = scope
    }




}

#if compiler(>=6)
extension TokenRow: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTokenRow: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TokenRow {
        return
            try TokenRow(
                kind: FfiConverterTypeTokenKind.read(from: &buf),
                expiresAt: FfiConverterUInt64.read(from: &buf),
                revoked: FfiConverterBool.read(from: &buf),
                grant: FfiConverterTypeGrant.read(from: &buf),
                rotation: FfiConverterTypeRotation.read(from: &buf),
                dpopJkt: FfiConverterOptionString.read(from: &buf),
                scope: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: TokenRow, into buf: inout [UInt8]) {
        FfiConverterTypeTokenKind.write(value.kind, into: &buf)
        FfiConverterUInt64.write(value.expiresAt, into: &buf)
        FfiConverterBool.write(value.revoked, into: &buf)
        FfiConverterTypeGrant.write(value.grant, into: &buf)
        FfiConverterTypeRotation.write(value.rotation, into: &buf)
        FfiConverterOptionString.write(value.dpopJkt, into: &buf)
        FfiConverterOptionString.write(value.scope, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenRow_lift(_ buf: RustBuffer) throws -> TokenRow {
    return try FfiConverterTypeTokenRow.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenRow_lower(_ value: TokenRow) -> RustBuffer {
    return FfiConverterTypeTokenRow.lower(value)
}


/**
 * Something that went wrong without ending the flow. No field holds a secret.
 */
public struct Warning: Equatable, Hashable {
    /**
     * Stable across versions and languages.
     */
    public let code: String
    /**
     * What the caller can do about it.
     */
    public let family: Family
    /**
     * What was wrong and what was expected.
     */
    public let text: String
    /**
     * What to do, in one sentence for the person who runs the program.
     */
    public let advice: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Stable across versions and languages.
         */code: String,
        /**
         * What the caller can do about it.
         */family: Family,
        /**
         * What was wrong and what was expected.
         */text: String,
        /**
         * What to do, in one sentence for the person who runs the program.
         */advice: String) {
        self.code = code
        self.family = family
        self.text = text
        self.advice = advice
    }




}

#if compiler(>=6)
extension Warning: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeWarning: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Warning {
        return
            try Warning(
                code: FfiConverterString.read(from: &buf),
                family: FfiConverterTypeFamily.read(from: &buf),
                text: FfiConverterString.read(from: &buf),
                advice: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: Warning, into buf: inout [UInt8]) {
        FfiConverterString.write(value.code, into: &buf)
        FfiConverterTypeFamily.write(value.family, into: &buf)
        FfiConverterString.write(value.text, into: &buf)
        FfiConverterString.write(value.advice, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeWarning_lift(_ buf: RustBuffer) throws -> Warning {
    return try FfiConverterTypeWarning.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeWarning_lower(_ value: Warning) -> RustBuffer {
    return FfiConverterTypeWarning.lower(value)
}


/**
 * What a request to the resource carries.
 */

public enum Authorized: CustomDebugStringConvertible, CustomStringConvertible {

    /**
     * Nothing: the access token must be refreshed first.
     */
    case stale
    /**
     * These header fields, in place of any of the same names. Copies made of them are the caller's to wipe.
     */
    case ready(
        /**
         * The header fields.
         */fields: AuthorizationFields
    )
    /**
     * The platform signs first.
     */
    case sign(
        /**
         * The key's name.
         */keyId: String,
        /**
         * The algorithm: always `ES256`.
         */alg: String,
        /**
         * What is signed: the ASCII bytes of this text.
         */input: String,
        /**
         * Takes the signature.
         */proof: UnsignedProof
    )





// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_authorized_uniffi_trait_debug(
            FfiConverterTypeAuthorized_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_authorized_uniffi_trait_display(
            FfiConverterTypeAuthorized_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Authorized: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAuthorized: FfiConverterRustBuffer {
    typealias SwiftType = Authorized

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Authorized {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .stale

        case 2: return .ready(fields: try FfiConverterTypeAuthorizationFields.read(from: &buf)
        )

        case 3: return .sign(keyId: try FfiConverterString.read(from: &buf), alg: try FfiConverterString.read(from: &buf), input: try FfiConverterString.read(from: &buf), proof: try FfiConverterTypeUnsignedProof.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Authorized, into buf: inout [UInt8]) {
        switch value {


        case .stale:
            writeInt(&buf, Int32(1))


        case let .ready(fields):
            writeInt(&buf, Int32(2))
            FfiConverterTypeAuthorizationFields.write(fields, into: &buf)


        case let .sign(keyId,alg,input,proof):
            writeInt(&buf, Int32(3))
            FfiConverterString.write(keyId, into: &buf)
            FfiConverterString.write(alg, into: &buf)
            FfiConverterString.write(input, into: &buf)
            FfiConverterTypeUnsignedProof.write(proof, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthorized_lift(_ buf: RustBuffer) throws -> Authorized {
    return try FfiConverterTypeAuthorized.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthorized_lower(_ value: Authorized) -> RustBuffer {
    return FfiConverterTypeAuthorized.lower(value)
}



/**
 * What a server's check of a DPoP proof came to (RFC 9449 §4.3).
 */

public enum CheckedProof: Equatable, Hashable {

    /**
     * It belongs to the request. That its key is the token's and its identifier new is the caller's to see.
     */
    case good(
        /**
         * The SHA-256 thumbprint of its key, in base64url (RFC 7638).
         */thumbprint: String,
        /**
         * Its identifier, 1 to 256 bytes.
         */jti: String,
        /**
         * When it was made, in seconds since the epoch.
         */issuedAt: UInt64,
        /**
         * Its nonce, whether or not one was demanded.
         */nonce: String?
    )
    /**
     * It does not.
     */
    case refused(
        /**
         * The stable name of the defect: `not_a_proof`, `alg`, `key`, `signature`, `htm`, `htu`, `iat`,
         * `nonce_missing`, `nonce`, `ath`, `jti`.
         */code: String
    )





}

#if compiler(>=6)
extension CheckedProof: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCheckedProof: FfiConverterRustBuffer {
    typealias SwiftType = CheckedProof

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> CheckedProof {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .good(thumbprint: try FfiConverterString.read(from: &buf), jti: try FfiConverterString.read(from: &buf), issuedAt: try FfiConverterUInt64.read(from: &buf), nonce: try FfiConverterOptionString.read(from: &buf)
        )

        case 2: return .refused(code: try FfiConverterString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: CheckedProof, into buf: inout [UInt8]) {
        switch value {


        case let .good(thumbprint,jti,issuedAt,nonce):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(thumbprint, into: &buf)
            FfiConverterString.write(jti, into: &buf)
            FfiConverterUInt64.write(issuedAt, into: &buf)
            FfiConverterOptionString.write(nonce, into: &buf)


        case let .refused(code):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(code, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCheckedProof_lift(_ buf: RustBuffer) throws -> CheckedProof {
    return try FfiConverterTypeCheckedProof.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCheckedProof_lower(_ value: CheckedProof) -> RustBuffer {
    return FfiConverterTypeCheckedProof.lower(value)
}



/**
 * What a redirect did to a session.
 */

public enum Completion: CustomDebugStringConvertible, CustomStringConvertible {

    /**
     * It is ours and carries a code: this redeems it.
     */
    case accepted(
        /**
         * The token request.
         */request: TokenRequest
    )
    /**
     * It is not ours; the session waits on.
     */
    case notOurs(
        /**
         * Why: the stable code.
         */code: String,
        /**
         * Why, for a log. Nothing of the redirect stands in it.
         */text: String
    )





// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_completion_uniffi_trait_debug(
            FfiConverterTypeCompletion_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_completion_uniffi_trait_display(
            FfiConverterTypeCompletion_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Completion: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCompletion: FfiConverterRustBuffer {
    typealias SwiftType = Completion

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Completion {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .accepted(request: try FfiConverterTypeTokenRequest.read(from: &buf)
        )

        case 2: return .notOurs(code: try FfiConverterString.read(from: &buf), text: try FfiConverterString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Completion, into buf: inout [UInt8]) {
        switch value {


        case let .accepted(request):
            writeInt(&buf, Int32(1))
            FfiConverterTypeTokenRequest.write(request, into: &buf)


        case let .notOurs(code,text):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(code, into: &buf)
            FfiConverterString.write(text, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCompletion_lift(_ buf: RustBuffer) throws -> Completion {
    return try FfiConverterTypeCompletion.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCompletion_lower(_ value: Completion) -> RustBuffer {
    return FfiConverterTypeCompletion.lower(value)
}



/**
 * Why a request that may be shown to the user comes to nothing: what the server found, or what the user said.
 */

public enum Decline: Equatable, Hashable {

    /**
     * The user, or the server, does not allow it (RFC 6749 §4.1.2.1).
     */
    case denied
    /**
     * Nobody is signed in, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
     */
    case loginRequired
    /**
     * Somebody would have to consent, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
     */
    case consentRequired
    /**
     * Somebody would have to choose an account, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
     */
    case accountSelectionRequired
    /**
     * Something else would have to be asked, and nothing may be (OpenID Connect Core §3.1.2.6).
     */
    case interactionRequired
    /**
     * The user cannot sign in as the request demands (RFC 9470 §5).
     */
    case unmetAuthentication
    /**
     * The server cannot serve it now; later it may (RFC 6749 §4.1.2.1).
     */
    case temporarilyUnavailable
    /**
     * The server has failed (RFC 6749 §4.1.2.1).
     */
    case serverError





}

#if compiler(>=6)
extension Decline: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDecline: FfiConverterRustBuffer {
    typealias SwiftType = Decline

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Decline {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .denied

        case 2: return .loginRequired

        case 3: return .consentRequired

        case 4: return .accountSelectionRequired

        case 5: return .interactionRequired

        case 6: return .unmetAuthentication

        case 7: return .temporarilyUnavailable

        case 8: return .serverError

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Decline, into buf: inout [UInt8]) {
        switch value {


        case .denied:
            writeInt(&buf, Int32(1))


        case .loginRequired:
            writeInt(&buf, Int32(2))


        case .consentRequired:
            writeInt(&buf, Int32(3))


        case .accountSelectionRequired:
            writeInt(&buf, Int32(4))


        case .interactionRequired:
            writeInt(&buf, Int32(5))


        case .unmetAuthentication:
            writeInt(&buf, Int32(6))


        case .temporarilyUnavailable:
            writeInt(&buf, Int32(7))


        case .serverError:
            writeInt(&buf, Int32(8))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDecline_lift(_ buf: RustBuffer) throws -> Decline {
    return try FfiConverterTypeDecline.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDecline_lower(_ value: Decline) -> RustBuffer {
    return FfiConverterTypeDecline.lower(value)
}



/**
 * Whether tokens are bound to a key, so that who steals one cannot use it (RFC 9449).
 */

public enum Dpop: Equatable, Hashable {

    /**
     * They are not.
     */
    case never
    /**
     * They are where the server offers it; what came of it is the type of the tokens.
     */
    case preferred
    /**
     * They are, or there is no sign-in: `dpop_unsupported`, `token_not_bound`.
     */
    case required





}

#if compiler(>=6)
extension Dpop: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeDpop: FfiConverterRustBuffer {
    typealias SwiftType = Dpop

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Dpop {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .never

        case 2: return .preferred

        case 3: return .required

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Dpop, into buf: inout [UInt8]) {
        switch value {


        case .never:
            writeInt(&buf, Int32(1))


        case .preferred:
            writeInt(&buf, Int32(2))


        case .required:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDpop_lift(_ buf: RustBuffer) throws -> Dpop {
    return try FfiConverterTypeDpop.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeDpop_lower(_ value: Dpop) -> RustBuffer {
    return FfiConverterTypeDpop.lower(value)
}



/**
 * What has happened. Only its name is shown: a redirect holds a code, an answer tokens.
 */

public enum Event: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {

    /**
     * The first event of every flow.
     */
    case start
    /**
     * The receiver listens on this port.
     */
    case listening(
        /**
         * The port, never 0.
         */port: UInt16
    )
    /**
     * The server's whole answer.
     */
    case response(
        /**
         * The answer.
         */response: HttpResponse
    )
    /**
     * No whole answer came.
     */
    case unreachable(
        /**
         * How far it went.
         */reason: Lost,
        /**
         * The platform's words, for the message.
         */detail: String
    )
    /**
     * A redirect arrived: the whole URI, undecoded, as the browser or the system gave it.
     */
    case redirect(
        /**
         * The URI.
         */uri: String
    )
    /**
     * The wait is over.
     */
    case elapsed
    /**
     * The user closed the browser.
     */
    case dismissed
    /**
     * The caller trusts the issuer.
     */
    case allowed
    /**
     * The caller does not.
     */
    case refused
    /**
     * The public half of a key.
     */
    case publicKey(
        /**
         * The point on P-256 (SEC 1 §2.3.3), compressed or not.
         */sec1: Data
    )
    /**
     * What was signed.
     */
    case signed(
        /**
         * The ECDSA signature: 64 bytes (RFC 7518 §3.4), or DER as platforms give it (RFC 3279 §2.2.3).
         */signature: Data
    )
    /**
     * The lock is held.
     */
    case locked
    /**
     * Somebody else held the lock until the deadline.
     */
    case busy
    /**
     * What the store has.
     */
    case loaded(
        /**
         * The revision; 0 where there is nothing. Two different values never have the same.
         */revision: UInt64,
        /**
         * The bytes as they were written; none where there is nothing.
         */value: Data?
    )
    /**
     * Whether it was written: not, where the revision was another by then.
     */
    case swapped(
        /**
         * The answer.
         */swapped: Bool
    )
    /**
     * It is done.
     */
    case ok
    /**
     * The platform could not do what the step asked.
     */
    case failed(
        /**
         * A stable code where there is one (`port_in_use`, `store_full`), else empty.
         */code: String,
        /**
         * The platform's words, for the message.
         */detail: String
    )
    /**
     * The caller cancelled.
     */
    case cancel





// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_event_uniffi_trait_debug(
            FfiConverterTypeEvent_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_event_uniffi_trait_display(
            FfiConverterTypeEvent_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Event: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeEvent: FfiConverterRustBuffer {
    typealias SwiftType = Event

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Event {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .start

        case 2: return .listening(port: try FfiConverterUInt16.read(from: &buf)
        )

        case 3: return .response(response: try FfiConverterTypeHttpResponse.read(from: &buf)
        )

        case 4: return .unreachable(reason: try FfiConverterTypeLost.read(from: &buf), detail: try FfiConverterString.read(from: &buf)
        )

        case 5: return .redirect(uri: try FfiConverterString.read(from: &buf)
        )

        case 6: return .elapsed

        case 7: return .dismissed

        case 8: return .allowed

        case 9: return .refused

        case 10: return .publicKey(sec1: try FfiConverterData.read(from: &buf)
        )

        case 11: return .signed(signature: try FfiConverterData.read(from: &buf)
        )

        case 12: return .locked

        case 13: return .busy

        case 14: return .loaded(revision: try FfiConverterUInt64.read(from: &buf), value: try FfiConverterOptionData.read(from: &buf)
        )

        case 15: return .swapped(swapped: try FfiConverterBool.read(from: &buf)
        )

        case 16: return .ok

        case 17: return .failed(code: try FfiConverterString.read(from: &buf), detail: try FfiConverterString.read(from: &buf)
        )

        case 18: return .cancel

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Event, into buf: inout [UInt8]) {
        switch value {


        case .start:
            writeInt(&buf, Int32(1))


        case let .listening(port):
            writeInt(&buf, Int32(2))
            FfiConverterUInt16.write(port, into: &buf)


        case let .response(response):
            writeInt(&buf, Int32(3))
            FfiConverterTypeHttpResponse.write(response, into: &buf)


        case let .unreachable(reason,detail):
            writeInt(&buf, Int32(4))
            FfiConverterTypeLost.write(reason, into: &buf)
            FfiConverterString.write(detail, into: &buf)


        case let .redirect(uri):
            writeInt(&buf, Int32(5))
            FfiConverterString.write(uri, into: &buf)


        case .elapsed:
            writeInt(&buf, Int32(6))


        case .dismissed:
            writeInt(&buf, Int32(7))


        case .allowed:
            writeInt(&buf, Int32(8))


        case .refused:
            writeInt(&buf, Int32(9))


        case let .publicKey(sec1):
            writeInt(&buf, Int32(10))
            FfiConverterData.write(sec1, into: &buf)


        case let .signed(signature):
            writeInt(&buf, Int32(11))
            FfiConverterData.write(signature, into: &buf)


        case .locked:
            writeInt(&buf, Int32(12))


        case .busy:
            writeInt(&buf, Int32(13))


        case let .loaded(revision,value):
            writeInt(&buf, Int32(14))
            FfiConverterUInt64.write(revision, into: &buf)
            FfiConverterOptionData.write(value, into: &buf)


        case let .swapped(swapped):
            writeInt(&buf, Int32(15))
            FfiConverterBool.write(swapped, into: &buf)


        case .ok:
            writeInt(&buf, Int32(16))


        case let .failed(code,detail):
            writeInt(&buf, Int32(17))
            FfiConverterString.write(code, into: &buf)
            FfiConverterString.write(detail, into: &buf)


        case .cancel:
            writeInt(&buf, Int32(18))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeEvent_lift(_ buf: RustBuffer) throws -> Event {
    return try FfiConverterTypeEvent.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeEvent_lower(_ value: Event) -> RustBuffer {
    return FfiConverterTypeEvent.lower(value)
}



/**
 * What the caller can do about an error. There are four and there will not be more.
 */

public enum Family: Equatable, Hashable {

    /**
     * Nothing is wrong with the request: try again later.
     */
    case retry
    /**
     * This sign-in cannot be completed: start a new one, with the user.
     */
    case signInAgain
    /**
     * A setting of the program or of the server is wrong: trying again will not help.
     */
    case fixConfiguration
    /**
     * The user said no, or the caller cancelled.
     */
    case userCancelled





}

#if compiler(>=6)
extension Family: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeFamily: FfiConverterRustBuffer {
    typealias SwiftType = Family

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Family {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .retry

        case 2: return .signInAgain

        case 3: return .fixConfiguration

        case 4: return .userCancelled

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Family, into buf: inout [UInt8]) {
        switch value {


        case .retry:
            writeInt(&buf, Int32(1))


        case .signInAgain:
            writeInt(&buf, Int32(2))


        case .fixConfiguration:
            writeInt(&buf, Int32(3))


        case .userCancelled:
            writeInt(&buf, Int32(4))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFamily_lift(_ buf: RustBuffer) throws -> Family {
    return try FfiConverterTypeFamily.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFamily_lower(_ value: Family) -> RustBuffer {
    return FfiConverterTypeFamily.lower(value)
}



/**
 * What is reported on.
 */

public enum Feature: Equatable, Hashable {

    /**
     * PKCE with S256 (RFC 7636).
     */
    case s256
    /**
     * `iss` in every answer to an authorization request (RFC 9207).
     */
    case iss
    /**
     * Pushed authorization requests (RFC 9126).
     */
    case par
    /**
     * Proof of possession (RFC 9449).
     */
    case dpop
    /**
     * The device grant (RFC 8628).
     */
    case device
    /**
     * Dynamic client registration (RFC 7591).
     */
    case registration
    /**
     * Client ID metadata documents.
     */
    case clientDocuments
    /**
     * Token revocation (RFC 7009).
     */
    case revocation





}

#if compiler(>=6)
extension Feature: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeFeature: FfiConverterRustBuffer {
    typealias SwiftType = Feature

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Feature {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .s256

        case 2: return .iss

        case 3: return .par

        case 4: return .dpop

        case 5: return .device

        case 6: return .registration

        case 7: return .clientDocuments

        case 8: return .revocation

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Feature, into buf: inout [UInt8]) {
        switch value {


        case .s256:
            writeInt(&buf, Int32(1))


        case .iss:
            writeInt(&buf, Int32(2))


        case .par:
            writeInt(&buf, Int32(3))


        case .dpop:
            writeInt(&buf, Int32(4))


        case .device:
            writeInt(&buf, Int32(5))


        case .registration:
            writeInt(&buf, Int32(6))


        case .clientDocuments:
            writeInt(&buf, Int32(7))


        case .revocation:
            writeInt(&buf, Int32(8))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFeature_lift(_ buf: RustBuffer) throws -> Feature {
    return try FfiConverterTypeFeature.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFeature_lower(_ value: Feature) -> RustBuffer {
    return FfiConverterTypeFeature.lower(value)
}



/**
 * What the flow is to come to.
 */

public enum Goal: Equatable, Hashable {

    /**
     * A token, without the user: the one that is kept, refreshed where it must be. Else `sign_in_required`
     * or another error of the family `SignInAgain`.
     */
    case token
    /**
     * A token; where it cannot be had without the user, by a sign-in.
     */
    case tokenOrSignIn
    /**
     * A sign-in, whatever is kept.
     */
    case signIn
    /**
     * The end of a sign-in that an earlier run of the program began.
     */
    case resume
    /**
     * The end of what is kept: revoked at the server where that can be (RFC 7009), and forgotten.
     */
    case signOut





}

#if compiler(>=6)
extension Goal: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeGoal: FfiConverterRustBuffer {
    typealias SwiftType = Goal

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Goal {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .token

        case 2: return .tokenOrSignIn

        case 3: return .signIn

        case 4: return .resume

        case 5: return .signOut

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Goal, into buf: inout [UInt8]) {
        switch value {


        case .token:
            writeInt(&buf, Int32(1))


        case .tokenOrSignIn:
            writeInt(&buf, Int32(2))


        case .signIn:
            writeInt(&buf, Int32(3))


        case .resume:
            writeInt(&buf, Int32(4))


        case .signOut:
            writeInt(&buf, Int32(5))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGoal_lift(_ buf: RustBuffer) throws -> Goal {
    return try FfiConverterTypeGoal.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGoal_lower(_ value: Goal) -> RustBuffer {
    return FfiConverterTypeGoal.lower(value)
}



/**
 * The judgment of an authorization request.
 */

public enum Judged: CustomDebugStringConvertible, CustomStringConvertible {

    /**
     * It may be shown to the user.
     */
    case accepted(
        /**
         * The request.
         */request: GrantRequest
    )
    /**
     * To be shown to the user on a page with status 400. Never a redirect.
     */
    case page(
        /**
         * The OAuth error code.
         */error: String,
        /**
         * What was wrong, for the page. Nothing of the request stands in it.
         */description: String
    )
    /**
     * To be sent to the client: a 303 to this location.
     */
    case redirect(
        /**
         * The redirect URI with `error`, `error_description`, `state` and `iss`. It holds the client's
         * state and is not shown.
         */location: String,
        /**
         * The OAuth error code.
         */error: String
    )





// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_judged_uniffi_trait_debug(
            FfiConverterTypeJudged_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_judged_uniffi_trait_display(
            FfiConverterTypeJudged_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Judged: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeJudged: FfiConverterRustBuffer {
    typealias SwiftType = Judged

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Judged {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .accepted(request: try FfiConverterTypeGrantRequest.read(from: &buf)
        )

        case 2: return .page(error: try FfiConverterString.read(from: &buf), description: try FfiConverterString.read(from: &buf)
        )

        case 3: return .redirect(location: try FfiConverterString.read(from: &buf), error: try FfiConverterString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Judged, into buf: inout [UInt8]) {
        switch value {


        case let .accepted(request):
            writeInt(&buf, Int32(1))
            FfiConverterTypeGrantRequest.write(request, into: &buf)


        case let .page(error,description):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(error, into: &buf)
            FfiConverterString.write(description, into: &buf)


        case let .redirect(location,error):
            writeInt(&buf, Int32(3))
            FfiConverterString.write(location, into: &buf)
            FfiConverterString.write(error, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeJudged_lift(_ buf: RustBuffer) throws -> Judged {
    return try FfiConverterTypeJudged.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeJudged_lower(_ value: Judged) -> RustBuffer {
    return FfiConverterTypeJudged.lower(value)
}



/**
 * Where the data key is, under which the records of a folder are sealed.
 */

public enum KeyPlace: Equatable, Hashable {

    /**
     * Nowhere yet.
     */
    case undecided
    /**
     * In the system's keyring, under the entry of `keyring_entry`.
     */
    case keyring
    /**
     * In a file of the folder.
     */
    case file





}

#if compiler(>=6)
extension KeyPlace: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeKeyPlace: FfiConverterRustBuffer {
    typealias SwiftType = KeyPlace

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> KeyPlace {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .undecided

        case 2: return .keyring

        case 3: return .file

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: KeyPlace, into buf: inout [UInt8]) {
        switch value {


        case .undecided:
            writeInt(&buf, Int32(1))


        case .keyring:
            writeInt(&buf, Int32(2))


        case .file:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeKeyPlace_lift(_ buf: RustBuffer) throws -> KeyPlace {
    return try FfiConverterTypeKeyPlace.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeKeyPlace_lower(_ value: KeyPlace) -> RustBuffer {
    return FfiConverterTypeKeyPlace.lower(value)
}



/**
 * The host of a loopback redirect URI (RFC 8252 §7.3).
 */

public enum LoopbackHost: Equatable, Hashable {

    /**
     * `127.0.0.1`
     */
    case v4
    /**
     * `[::1]`
     */
    case v6
    /**
     * `localhost`, on both families and one port. Only where a server accepts nothing else
     * (RFC 8252 §8.3).
     */
    case localhost





}

#if compiler(>=6)
extension LoopbackHost: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeLoopbackHost: FfiConverterRustBuffer {
    typealias SwiftType = LoopbackHost

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LoopbackHost {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .v4

        case 2: return .v6

        case 3: return .localhost

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: LoopbackHost, into buf: inout [UInt8]) {
        switch value {


        case .v4:
            writeInt(&buf, Int32(1))


        case .v6:
            writeInt(&buf, Int32(2))


        case .localhost:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeLoopbackHost_lift(_ buf: RustBuffer) throws -> LoopbackHost {
    return try FfiConverterTypeLoopbackHost.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeLoopbackHost_lower(_ value: LoopbackHost) -> RustBuffer {
    return FfiConverterTypeLoopbackHost.lower(value)
}



/**
 * How far a request went that got no whole answer.
 */

public enum Lost: Equatable, Hashable {

    /**
     * Nothing was sent: the name, the connection or TLS failed.
     */
    case notConnected
    /**
     * It may have arrived; the connection ended before the answer did.
     */
    case lost
    /**
     * It may have arrived; the answer did not come in time.
     */
    case timedOut
    /**
     * The answer was larger than `max_body`.
     */
    case tooLarge





}

#if compiler(>=6)
extension Lost: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeLost: FfiConverterRustBuffer {
    typealias SwiftType = Lost

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Lost {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .notConnected

        case 2: return .lost

        case 3: return .timedOut

        case 4: return .tooLarge

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Lost, into buf: inout [UInt8]) {
        switch value {


        case .notConnected:
            writeInt(&buf, Int32(1))


        case .lost:
            writeInt(&buf, Int32(2))


        case .timedOut:
            writeInt(&buf, Int32(3))


        case .tooLarge:
            writeInt(&buf, Int32(4))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeLost_lift(_ buf: RustBuffer) throws -> Lost {
    return try FfiConverterTypeLost.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeLost_lower(_ value: Lost) -> RustBuffer {
    return FfiConverterTypeLost.lower(value)
}



/**
 * The client that a request names.
 */

public enum NamedClient: Equatable, Hashable {

    /**
     * Look its record up, then judge the request.
     */
    case named(
        /**
         * The client's identifier, unjudged.
         */clientId: String
    )
    /**
     * To be shown to the user on a page with status 400. Never a redirect.
     */
    case page(
        /**
         * The OAuth error code.
         */error: String,
        /**
         * What was wrong, for the page. Nothing of the request stands in it.
         */description: String
    )





}

#if compiler(>=6)
extension NamedClient: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeNamedClient: FfiConverterRustBuffer {
    typealias SwiftType = NamedClient

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> NamedClient {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .named(clientId: try FfiConverterString.read(from: &buf)
        )

        case 2: return .page(error: try FfiConverterString.read(from: &buf), description: try FfiConverterString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: NamedClient, into buf: inout [UInt8]) {
        switch value {


        case let .named(clientId):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(clientId, into: &buf)


        case let .page(error,description):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(error, into: &buf)
            FfiConverterString.write(description, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeNamedClient_lift(_ buf: RustBuffer) throws -> NamedClient {
    return try FfiConverterTypeNamedClient.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeNamedClient_lower(_ value: NamedClient) -> RustBuffer {
    return FfiConverterTypeNamedClient.lower(value)
}



/**
 * Which text rules where RFC 6749 and OAuth 2.1 differ.
 */

public enum Profile: Equatable, Hashable {

    /**
     * RFC 6749: a redirect URI that was sent with the authorization request must come with the token
     * request too (§4.1.3).
     */
    case oauth20
    /**
     * OAuth 2.1 (draft 16): it may be absent there; where it comes it must be equal.
     */
    case oauth21





}

#if compiler(>=6)
extension Profile: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeProfile: FfiConverterRustBuffer {
    typealias SwiftType = Profile

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Profile {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .oauth20

        case 2: return .oauth21

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Profile, into buf: inout [UInt8]) {
        switch value {


        case .oauth20:
            writeInt(&buf, Int32(1))


        case .oauth21:
            writeInt(&buf, Int32(2))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProfile_lift(_ buf: RustBuffer) throws -> Profile {
    return try FfiConverterTypeProfile.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProfile_lower(_ value: Profile) -> RustBuffer {
    return FfiConverterTypeProfile.lower(value)
}



/**
 * What went wrong. No field holds a secret, and nothing that was refused is repeated in it.
 */
public
enum ProofKeyError: Swift.Error, Equatable, Hashable, Foundation.LocalizedError {



    /**
     * The call failed.
     */
    case Failed(
        /**
         * Stable across versions and languages.
         */code: String,
        /**
         * What the caller can do about it.
         */family: Family,
        /**
         * What was wrong and what was expected.
         */text: String,
        /**
         * What to do, in one sentence for the person who runs the program.
         */advice: String
    )






    public var errorDescription: String? {
        String(reflecting: self)
    }

}

#if compiler(>=6)
extension ProofKeyError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeProofKeyError: FfiConverterRustBuffer {
    typealias SwiftType = ProofKeyError

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ProofKeyError {
        let variant: Int32 = try readInt(&buf)
        switch variant {




        case 1: return .Failed(
            code: try FfiConverterString.read(from: &buf),
            family: try FfiConverterTypeFamily.read(from: &buf),
            text: try FfiConverterString.read(from: &buf),
            advice: try FfiConverterString.read(from: &buf)
            )

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: ProofKeyError, into buf: inout [UInt8]) {
        switch value {





        case let .Failed(code,family,text,advice):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(code, into: &buf)
            FfiConverterTypeFamily.write(family, into: &buf)
            FfiConverterString.write(text, into: &buf)
            FfiConverterString.write(advice, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProofKeyError_lift(_ buf: RustBuffer) throws -> ProofKeyError {
    return try FfiConverterTypeProofKeyError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProofKeyError_lower(_ value: ProofKeyError) -> RustBuffer {
    return FfiConverterTypeProofKeyError.lower(value)
}


/**
 * What to do about an answer of a resource.
 */

public enum Reaction: Equatable, Hashable {

    /**
     * It is the program's: it says nothing of the token, or nothing that a better token would change.
     */
    case accept
    /**
     * The same request once more, with a new proof: the nonce of the answer was heard before.
     */
    case retry
    /**
     * The token is not taken: refresh it (`rejected`) and send the request again.
     */
    case refresh
    /**
     * Sign in again with what is demanded, and send the request again.
     */
    case signIn(
        /**
         * What is demanded.
         */stepUp: StepUp
    )





}

#if compiler(>=6)
extension Reaction: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeReaction: FfiConverterRustBuffer {
    typealias SwiftType = Reaction

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Reaction {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .accept

        case 2: return .retry

        case 3: return .refresh

        case 4: return .signIn(stepUp: try FfiConverterTypeStepUp.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Reaction, into buf: inout [UInt8]) {
        switch value {


        case .accept:
            writeInt(&buf, Int32(1))


        case .retry:
            writeInt(&buf, Int32(2))


        case .refresh:
            writeInt(&buf, Int32(3))


        case let .signIn(stepUp):
            writeInt(&buf, Int32(4))
            FfiConverterTypeStepUp.write(stepUp, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReaction_lift(_ buf: RustBuffer) throws -> Reaction {
    return try FfiConverterTypeReaction.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReaction_lower(_ value: Reaction) -> RustBuffer {
    return FfiConverterTypeReaction.lower(value)
}



/**
 * What a wait ended with.
 */

public enum Received: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {

    /**
     * A redirect: the whole URI, as it came, unjudged. It may hold a code.
     */
    case redirect(
        /**
         * The URI.
         */uri: String
    )
    /**
     * The deadline has passed.
     */
    case elapsed
    /**
     * The receiver was cancelled or released.
     */
    case cancelled





// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_received_uniffi_trait_debug(
            FfiConverterTypeReceived_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_received_uniffi_trait_display(
            FfiConverterTypeReceived_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Received: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeReceived: FfiConverterRustBuffer {
    typealias SwiftType = Received

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Received {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .redirect(uri: try FfiConverterString.read(from: &buf)
        )

        case 2: return .elapsed

        case 3: return .cancelled

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Received, into buf: inout [UInt8]) {
        switch value {


        case let .redirect(uri):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(uri, into: &buf)


        case .elapsed:
            writeInt(&buf, Int32(2))


        case .cancelled:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReceived_lift(_ buf: RustBuffer) throws -> Received {
    return try FfiConverterTypeReceived.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReceived_lower(_ value: Received) -> RustBuffer {
    return FfiConverterTypeReceived.lower(value)
}



/**
 * Where the redirect arrives.
 */

public enum RedirectTarget: Equatable, Hashable {

    /**
     * At the loopback receiver, which the flow asks the driver to open (RFC 8252 §7.3).
     */
    case loopback(
        /**
         * Where.
         */host: LoopbackHost,
        /**
         * The port; 0 leaves the choice to the system.
         */port: UInt16,
        /**
         * The path, with its leading slash.
         */path: String
    )
    /**
     * At a URI that the platform watches: a claimed https link or a private-use scheme.
     */
    case fixed(
        /**
         * The URI.
         */uri: String
    )





}

#if compiler(>=6)
extension RedirectTarget: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRedirectTarget: FfiConverterRustBuffer {
    typealias SwiftType = RedirectTarget

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> RedirectTarget {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .loopback(host: try FfiConverterTypeLoopbackHost.read(from: &buf), port: try FfiConverterUInt16.read(from: &buf), path: try FfiConverterString.read(from: &buf)
        )

        case 2: return .fixed(uri: try FfiConverterString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: RedirectTarget, into buf: inout [UInt8]) {
        switch value {


        case let .loopback(host,port,path):
            writeInt(&buf, Int32(1))
            FfiConverterTypeLoopbackHost.write(host, into: &buf)
            FfiConverterUInt16.write(port, into: &buf)
            FfiConverterString.write(path, into: &buf)


        case let .fixed(uri):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(uri, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRedirectTarget_lift(_ buf: RustBuffer) throws -> RedirectTarget {
    return try FfiConverterTypeRedirectTarget.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRedirectTarget_lower(_ value: RedirectTarget) -> RustBuffer {
    return FfiConverterTypeRedirectTarget.lower(value)
}



/**
 * Where a refresh token stands in the row of those that its grant has had. They come in generations: a
 * claim writes the first one, a rotation of the newest one writes the next.
 */

public enum Rotation: Equatable, Hashable {

    /**
     * Of the newest generation. An access token always is.
     */
    case newest
    /**
     * Of the one before it. None of the newest was exchanged yet.
     */
    case predecessor(
        /**
         * When the newest generation began, in seconds since the epoch by the store's clock.
         */rotatedAt: UInt64
    )
    /**
     * Older than that.
     */
    case older





}

#if compiler(>=6)
extension Rotation: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRotation: FfiConverterRustBuffer {
    typealias SwiftType = Rotation

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Rotation {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .newest

        case 2: return .predecessor(rotatedAt: try FfiConverterUInt64.read(from: &buf)
        )

        case 3: return .older

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Rotation, into buf: inout [UInt8]) {
        switch value {


        case .newest:
            writeInt(&buf, Int32(1))


        case let .predecessor(rotatedAt):
            writeInt(&buf, Int32(2))
            FfiConverterUInt64.write(rotatedAt, into: &buf)


        case .older:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRotation_lift(_ buf: RustBuffer) throws -> Rotation {
    return try FfiConverterTypeRotation.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRotation_lower(_ value: Rotation) -> RustBuffer {
    return FfiConverterTypeRotation.lower(value)
}



/**
 * How the flow came to its tokens.
 */

public enum Source: Equatable, Hashable {

    /**
     * They were kept.
     */
    case kept
    /**
     * They were refreshed.
     */
    case refreshed
    /**
     * The user signed in.
     */
    case signedIn





}

#if compiler(>=6)
extension Source: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSource: FfiConverterRustBuffer {
    typealias SwiftType = Source

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Source {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .kept

        case 2: return .refreshed

        case 3: return .signedIn

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Source, into buf: inout [UInt8]) {
        switch value {


        case .kept:
            writeInt(&buf, Int32(1))


        case .refreshed:
            writeInt(&buf, Int32(2))


        case .signedIn:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSource_lift(_ buf: RustBuffer) throws -> Source {
    return try FfiConverterTypeSource.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSource_lower(_ value: Source) -> RustBuffer {
    return FfiConverterTypeSource.lower(value)
}



/**
 * What the driver does next.
 */

public enum Step: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {

    /**
     * Bind the loopback receiver; answered by `Listening`, `Failed` or `Cancel`.
     */
    case listen(
        /**
         * Where.
         */host: LoopbackHost,
        /**
         * The port; 0 leaves the choice to the system.
         */port: UInt16,
        /**
         * The path, with its leading slash.
         */path: String
    )
    /**
     * Make one HTTP exchange, at most once: no redirects followed, nothing sent again, the body
     * capped while it streams. Answered by `Response`, `Unreachable` or `Cancel`.
     */
    case send(
        /**
         * What is sent.
         */request: HttpRequest,
        /**
         * Once begun it is run to its end, also when the caller cancels meanwhile: the server may
         * have used up a code or rotated a token, and the answer must not be lost.
         */finish: Bool
    )
    /**
     * Let the caller's list or hook see who is about to be trusted, because a resource named it and
     * nobody typed it. Where the caller has neither, it is allowed. Answered by `Allowed`, `Refused` or
     * `Cancel`.
     */
    case confirm(
        /**
         * Host and port of the issuer, as they stand in it.
         */issuerHost: String,
        /**
         * Host and port of the resource that named it.
         */resourceHost: String
    )
    /**
     * Open the user's browser and wait for the redirect. Answered by `Redirect`, `Elapsed`,
     * `Dismissed`, `Failed` or `Cancel`.
     */
    case browse(
        /**
         * The authorization request (RFC 6749 §4.1.1). Given to the browser as one argument,
         * never to a shell.
         */url: String,
        /**
         * Where the redirect will arrive, for platforms that must be told.
         */redirectUri: String,
        /**
         * How long to wait in all, in milliseconds.
         */deadlineMs: UInt64
    )
    /**
     * Wait for the redirect without opening anything. The same events answer it as `Browse`.
     */
    case `await`(
        /**
         * The deadline of the `Browse` before, still counted from there; where there was none (a sign-in
         * that is taken up again), it is counted from here. In milliseconds.
         */deadlineMs: UInt64,
        /**
         * Why the redirect before was refused: the stable code; empty where there was no redirect yet.
         */code: String,
        /**
         * Why the redirect before was refused, for a log. Nothing of the redirect stands in it.
         */text: String
    )
    /**
     * Show the user where to go and what to enter there (RFC 8628 §3.3), and wait; what is shown stays
     * until the flow ends. Answered by `Elapsed`, `Dismissed` or `Cancel`.
     */
    case showCode(
        /**
         * What is shown.
         */code: DeviceCode,
        /**
         * How long to wait, in milliseconds.
         */pollMs: UInt64
    )
    /**
     * Wait. Answered by `Elapsed`, `Dismissed` or `Cancel`.
     */
    case wait(
        /**
         * How long, in milliseconds.
         */millis: UInt64
    )
    /**
     * Make the key of this name if there is none, and give its public half. Answered by `PublicKey`,
     * `Failed` or `Cancel`.
     */
    case key(
        /**
         * The name that the program gave it.
         */keyId: String,
        /**
         * The algorithm (RFC 7518 §3.1): always `ES256`.
         */alg: String
    )
    /**
     * Sign with that key, which the platform keeps. The text is given whole and not hashed: Secure Enclave
     * and Keystore hash for themselves. Answered by `Signed`, `Failed` or `Cancel`.
     */
    case sign(
        /**
         * The name that the program gave it.
         */keyId: String,
        /**
         * The algorithm (RFC 7518 §3.1): always `ES256`.
         */alg: String,
        /**
         * What is signed: the ASCII bytes of this text.
         */input: String
    )
    /**
     * Take the store's lock of this key: it keeps others who ask for it away, in this process and in
     * others, and is free when its holder dies. Answered by `Locked`, `Busy` at the deadline, `Failed` or
     * `Cancel`.
     */
    case lock(
        /**
         * The key: `a-z 0-9 -`, at most 64.
         */key: String,
        /**
         * How long to wait for it, in milliseconds.
         */deadlineMs: UInt64
    )
    /**
     * Read what the store has under this key. Answered by `Loaded`, `Failed` or `Cancel`.
     */
    case load(
        /**
         * The key.
         */key: String
    )
    /**
     * Write, if the revision is still that one, or whatever it is. Answered by `Swapped` or `Failed`. It is done also when the
     * caller has cancelled: it may hold the only copy of a token.
     */
    case swap(
        /**
         * The key.
         */key: String,
        /**
         * The revision that `Loaded` gave, 0 where there was nothing; none writes over whatever is there.
         */revision: UInt64?,
        /**
         * What is written; none deletes.
         */value: Data?
    )
    /**
     * Give the lock back. Answered by `Ok`. A driver gives back what it holds at the end of its loop in any
     * case.
     */
    case unlock(
        /**
         * The key.
         */key: String
    )
    /**
     * The flow has ended well; its outcome gives the result once.
     */
    case done





// The local Rust `Debug` implementation.
public var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_step_uniffi_trait_debug(
            FfiConverterTypeStep_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
public var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_method_step_uniffi_trait_display(
            FfiConverterTypeStep_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Step: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStep: FfiConverterRustBuffer {
    typealias SwiftType = Step

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Step {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .listen(host: try FfiConverterTypeLoopbackHost.read(from: &buf), port: try FfiConverterUInt16.read(from: &buf), path: try FfiConverterString.read(from: &buf)
        )

        case 2: return .send(request: try FfiConverterTypeHttpRequest.read(from: &buf), finish: try FfiConverterBool.read(from: &buf)
        )

        case 3: return .confirm(issuerHost: try FfiConverterString.read(from: &buf), resourceHost: try FfiConverterString.read(from: &buf)
        )

        case 4: return .browse(url: try FfiConverterString.read(from: &buf), redirectUri: try FfiConverterString.read(from: &buf), deadlineMs: try FfiConverterUInt64.read(from: &buf)
        )

        case 5: return .`await`(deadlineMs: try FfiConverterUInt64.read(from: &buf), code: try FfiConverterString.read(from: &buf), text: try FfiConverterString.read(from: &buf)
        )

        case 6: return .showCode(code: try FfiConverterTypeDeviceCode.read(from: &buf), pollMs: try FfiConverterUInt64.read(from: &buf)
        )

        case 7: return .wait(millis: try FfiConverterUInt64.read(from: &buf)
        )

        case 8: return .key(keyId: try FfiConverterString.read(from: &buf), alg: try FfiConverterString.read(from: &buf)
        )

        case 9: return .sign(keyId: try FfiConverterString.read(from: &buf), alg: try FfiConverterString.read(from: &buf), input: try FfiConverterString.read(from: &buf)
        )

        case 10: return .lock(key: try FfiConverterString.read(from: &buf), deadlineMs: try FfiConverterUInt64.read(from: &buf)
        )

        case 11: return .load(key: try FfiConverterString.read(from: &buf)
        )

        case 12: return .swap(key: try FfiConverterString.read(from: &buf), revision: try FfiConverterOptionUInt64.read(from: &buf), value: try FfiConverterOptionData.read(from: &buf)
        )

        case 13: return .unlock(key: try FfiConverterString.read(from: &buf)
        )

        case 14: return .done

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Step, into buf: inout [UInt8]) {
        switch value {


        case let .listen(host,port,path):
            writeInt(&buf, Int32(1))
            FfiConverterTypeLoopbackHost.write(host, into: &buf)
            FfiConverterUInt16.write(port, into: &buf)
            FfiConverterString.write(path, into: &buf)


        case let .send(request,finish):
            writeInt(&buf, Int32(2))
            FfiConverterTypeHttpRequest.write(request, into: &buf)
            FfiConverterBool.write(finish, into: &buf)


        case let .confirm(issuerHost,resourceHost):
            writeInt(&buf, Int32(3))
            FfiConverterString.write(issuerHost, into: &buf)
            FfiConverterString.write(resourceHost, into: &buf)


        case let .browse(url,redirectUri,deadlineMs):
            writeInt(&buf, Int32(4))
            FfiConverterString.write(url, into: &buf)
            FfiConverterString.write(redirectUri, into: &buf)
            FfiConverterUInt64.write(deadlineMs, into: &buf)


        case let .`await`(deadlineMs,code,text):
            writeInt(&buf, Int32(5))
            FfiConverterUInt64.write(deadlineMs, into: &buf)
            FfiConverterString.write(code, into: &buf)
            FfiConverterString.write(text, into: &buf)


        case let .showCode(code,pollMs):
            writeInt(&buf, Int32(6))
            FfiConverterTypeDeviceCode.write(code, into: &buf)
            FfiConverterUInt64.write(pollMs, into: &buf)


        case let .wait(millis):
            writeInt(&buf, Int32(7))
            FfiConverterUInt64.write(millis, into: &buf)


        case let .key(keyId,alg):
            writeInt(&buf, Int32(8))
            FfiConverterString.write(keyId, into: &buf)
            FfiConverterString.write(alg, into: &buf)


        case let .sign(keyId,alg,input):
            writeInt(&buf, Int32(9))
            FfiConverterString.write(keyId, into: &buf)
            FfiConverterString.write(alg, into: &buf)
            FfiConverterString.write(input, into: &buf)


        case let .lock(key,deadlineMs):
            writeInt(&buf, Int32(10))
            FfiConverterString.write(key, into: &buf)
            FfiConverterUInt64.write(deadlineMs, into: &buf)


        case let .load(key):
            writeInt(&buf, Int32(11))
            FfiConverterString.write(key, into: &buf)


        case let .swap(key,revision,value):
            writeInt(&buf, Int32(12))
            FfiConverterString.write(key, into: &buf)
            FfiConverterOptionUInt64.write(revision, into: &buf)
            FfiConverterOptionData.write(value, into: &buf)


        case let .unlock(key):
            writeInt(&buf, Int32(13))
            FfiConverterString.write(key, into: &buf)


        case .done:
            writeInt(&buf, Int32(14))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStep_lift(_ buf: RustBuffer) throws -> Step {
    return try FfiConverterTypeStep.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStep_lower(_ value: Step) -> RustBuffer {
    return FfiConverterTypeStep.lower(value)
}



/**
 * What the store has done.
 */

public enum StoreEvent: Equatable, Hashable {

    /**
     * The first event of every flow.
     */
    case start
    /**
     * The answer to `Put`.
     */
    case stored(
        /**
         * Whether the grant was written.
         */stored: Bool
    )
    /**
     * The answer to `Find`.
     */
    case found(
        /**
         * The grant, if there is one.
         */grant: GrantRow?,
        /**
         * The store's clock, in seconds since the epoch.
         */now: UInt64
    )
    /**
     * The answer to `Claim`.
     */
    case claimed(
        /**
         * Whether the conditional write changed a row.
         */claimed: Bool
    )
    /**
     * The answer to `FindToken`.
     */
    case foundToken(
        /**
         * The token and its grant, if there is one.
         */token: TokenRow?,
        /**
         * The store's clock, in seconds since the epoch.
         */now: UInt64
    )
    /**
     * The answer to `Rotate`.
     */
    case rotated(
        /**
         * Whether the refresh token was exchanged.
         */rotated: Bool
    )
    /**
     * The answer to `Remember`.
     */
    case remembered(
        /**
         * Whether the name was new, and is remembered now.
         */remembered: Bool
    )
    /**
     * It is done.
     */
    case ok
    /**
     * The store failed, or it is not known whether it did what was asked.
     */
    case failed





}

#if compiler(>=6)
extension StoreEvent: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStoreEvent: FfiConverterRustBuffer {
    typealias SwiftType = StoreEvent

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> StoreEvent {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .start

        case 2: return .stored(stored: try FfiConverterBool.read(from: &buf)
        )

        case 3: return .found(grant: try FfiConverterOptionTypeGrantRow.read(from: &buf), now: try FfiConverterUInt64.read(from: &buf)
        )

        case 4: return .claimed(claimed: try FfiConverterBool.read(from: &buf)
        )

        case 5: return .foundToken(token: try FfiConverterOptionTypeTokenRow.read(from: &buf), now: try FfiConverterUInt64.read(from: &buf)
        )

        case 6: return .rotated(rotated: try FfiConverterBool.read(from: &buf)
        )

        case 7: return .remembered(remembered: try FfiConverterBool.read(from: &buf)
        )

        case 8: return .ok

        case 9: return .failed

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: StoreEvent, into buf: inout [UInt8]) {
        switch value {


        case .start:
            writeInt(&buf, Int32(1))


        case let .stored(stored):
            writeInt(&buf, Int32(2))
            FfiConverterBool.write(stored, into: &buf)


        case let .found(grant,now):
            writeInt(&buf, Int32(3))
            FfiConverterOptionTypeGrantRow.write(grant, into: &buf)
            FfiConverterUInt64.write(now, into: &buf)


        case let .claimed(claimed):
            writeInt(&buf, Int32(4))
            FfiConverterBool.write(claimed, into: &buf)


        case let .foundToken(token,now):
            writeInt(&buf, Int32(5))
            FfiConverterOptionTypeTokenRow.write(token, into: &buf)
            FfiConverterUInt64.write(now, into: &buf)


        case let .rotated(rotated):
            writeInt(&buf, Int32(6))
            FfiConverterBool.write(rotated, into: &buf)


        case let .remembered(remembered):
            writeInt(&buf, Int32(7))
            FfiConverterBool.write(remembered, into: &buf)


        case .ok:
            writeInt(&buf, Int32(8))


        case .failed:
            writeInt(&buf, Int32(9))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStoreEvent_lift(_ buf: RustBuffer) throws -> StoreEvent {
    return try FfiConverterTypeStoreEvent.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStoreEvent_lower(_ value: StoreEvent) -> RustBuffer {
    return FfiConverterTypeStoreEvent.lower(value)
}



/**
 * What the store does next. No step holds a code or a token, only their hashes.
 */

public enum StoreStep: Equatable, Hashable {

    /**
     * Write a new grant; it expires its lifetime after the store's own clock. Answered by `Stored`:
     * false if a grant of that id exists or the store is full.
     */
    case put(
        /**
         * The row.
         */grant: NewGrant
    )
    /**
     * Read the grant with this id whose code has this hash. Answered by `Found`.
     */
    case find(
        /**
         * The first half of the code.
         */grantId: String,
        /**
         * SHA-256 of the whole code.
         */codeHash: Data
    )
    /**
     * Mark the code used, in one conditional statement: `… where grant_id = ? and code_hash = ? and
     * used = 0 and revoked = 0 and mismatches < max_mismatches and expires_at > now`; if a row changed,
     * write the tokens in the same transaction. Answered by `Claimed`: whether a row changed.
     */
    case claim(
        /**
         * The first half of the code.
         */grantId: String,
        /**
         * SHA-256 of the whole code.
         */codeHash: Data,
        /**
         * From so many mismatches on the grant is burnt.
         */maxMismatches: UInt32,
        /**
         * The tokens that the claim issues; each expires its lifetime after the store's own clock.
         */tokens: [NewToken]
    )
    /**
     * Add one to the grant's mismatches, atomically. Answered by `Ok`.
     */
    case count(
        /**
         * The grant.
         */grantId: String
    )
    /**
     * Mark the grant revoked, and with it every token issued from it. Answered by `Ok`, also where
     * there is no such grant.
     */
    case revoke(
        /**
         * The grant.
         */grantId: String
    )
    /**
     * Read the token with this hash together with its grant. Answered by `FoundToken`.
     */
    case findToken(
        /**
         * The first half of the token.
         */grantId: String,
        /**
         * SHA-256 of the whole token.
         */tokenHash: Data
    )
    /**
     * Exchange a refresh token, in one conditional statement and transaction. If the token is a refresh
     * token and unexpired, and the grant is not revoked, then
     * - a token of the newest generation begins the next one, now, and the tokens are written into that;
     * - a token of the one before it, if the newest one began less than `reuse_window_s` ago (and not
     * after now), has the tokens written into the newest.
     *
     * In every other case nothing is written. Answered by `Rotated`: whether the tokens were written.
     */
    case rotate(
        /**
         * The first half of the token.
         */grantId: String,
        /**
         * SHA-256 of the whole token.
         */tokenHash: Data,
        /**
         * How long the predecessor is spared, in seconds; 0 spares none.
         */reuseWindowS: UInt64,
        /**
         * The tokens to be written; each expires its lifetime after the store's own clock.
         */tokens: [NewToken]
    )
    /**
     * Remember this name for so long by the store's own clock, unless it is remembered already: a proof of
     * possession is used once (RFC 9449 §11.1). One conditional write: `insert … on conflict do nothing`, or in
     * Redis `set … nx ex`; an expired name counts as new. Answered by `Remembered`: whether the name was new. A
     * store that cannot remember answers `Failed`.
     */
    case remember(
        /**
         * The name of the proof: 43 characters of base64url.
         */name: String,
        /**
         * For how long, in seconds.
         */lifetimeS: UInt64
    )
    /**
     * The flow has ended; its outcome gives the result once.
     */
    case done





}

#if compiler(>=6)
extension StoreStep: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStoreStep: FfiConverterRustBuffer {
    typealias SwiftType = StoreStep

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> StoreStep {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .put(grant: try FfiConverterTypeNewGrant.read(from: &buf)
        )

        case 2: return .find(grantId: try FfiConverterString.read(from: &buf), codeHash: try FfiConverterData.read(from: &buf)
        )

        case 3: return .claim(grantId: try FfiConverterString.read(from: &buf), codeHash: try FfiConverterData.read(from: &buf), maxMismatches: try FfiConverterUInt32.read(from: &buf), tokens: try FfiConverterSequenceTypeNewToken.read(from: &buf)
        )

        case 4: return .count(grantId: try FfiConverterString.read(from: &buf)
        )

        case 5: return .revoke(grantId: try FfiConverterString.read(from: &buf)
        )

        case 6: return .findToken(grantId: try FfiConverterString.read(from: &buf), tokenHash: try FfiConverterData.read(from: &buf)
        )

        case 7: return .rotate(grantId: try FfiConverterString.read(from: &buf), tokenHash: try FfiConverterData.read(from: &buf), reuseWindowS: try FfiConverterUInt64.read(from: &buf), tokens: try FfiConverterSequenceTypeNewToken.read(from: &buf)
        )

        case 8: return .remember(name: try FfiConverterString.read(from: &buf), lifetimeS: try FfiConverterUInt64.read(from: &buf)
        )

        case 9: return .done

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: StoreStep, into buf: inout [UInt8]) {
        switch value {


        case let .put(grant):
            writeInt(&buf, Int32(1))
            FfiConverterTypeNewGrant.write(grant, into: &buf)


        case let .find(grantId,codeHash):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(grantId, into: &buf)
            FfiConverterData.write(codeHash, into: &buf)


        case let .claim(grantId,codeHash,maxMismatches,tokens):
            writeInt(&buf, Int32(3))
            FfiConverterString.write(grantId, into: &buf)
            FfiConverterData.write(codeHash, into: &buf)
            FfiConverterUInt32.write(maxMismatches, into: &buf)
            FfiConverterSequenceTypeNewToken.write(tokens, into: &buf)


        case let .count(grantId):
            writeInt(&buf, Int32(4))
            FfiConverterString.write(grantId, into: &buf)


        case let .revoke(grantId):
            writeInt(&buf, Int32(5))
            FfiConverterString.write(grantId, into: &buf)


        case let .findToken(grantId,tokenHash):
            writeInt(&buf, Int32(6))
            FfiConverterString.write(grantId, into: &buf)
            FfiConverterData.write(tokenHash, into: &buf)


        case let .rotate(grantId,tokenHash,reuseWindowS,tokens):
            writeInt(&buf, Int32(7))
            FfiConverterString.write(grantId, into: &buf)
            FfiConverterData.write(tokenHash, into: &buf)
            FfiConverterUInt64.write(reuseWindowS, into: &buf)
            FfiConverterSequenceTypeNewToken.write(tokens, into: &buf)


        case let .remember(name,lifetimeS):
            writeInt(&buf, Int32(8))
            FfiConverterString.write(name, into: &buf)
            FfiConverterUInt64.write(lifetimeS, into: &buf)


        case .done:
            writeInt(&buf, Int32(9))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStoreStep_lift(_ buf: RustBuffer) throws -> StoreStep {
    return try FfiConverterTypeStoreStep.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStoreStep_lower(_ value: StoreStep) -> RustBuffer {
    return FfiConverterTypeStoreStep.lower(value)
}



/**
 * What the metadata says of a feature.
 */

public enum Support: Equatable, Hashable {

    /**
     * It may be used.
     */
    case supported
    /**
     * It must be used, or will be insisted on.
     */
    case required
    /**
     * The metadata does not offer it.
     */
    case absent
    /**
     * The metadata speaks of it and rules it out.
     */
    case forbidden





}

#if compiler(>=6)
extension Support: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSupport: FfiConverterRustBuffer {
    typealias SwiftType = Support

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Support {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .supported

        case 2: return .required

        case 3: return .absent

        case 4: return .forbidden

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Support, into buf: inout [UInt8]) {
        switch value {


        case .supported:
            writeInt(&buf, Int32(1))


        case .required:
            writeInt(&buf, Int32(2))


        case .absent:
            writeInt(&buf, Int32(3))


        case .forbidden:
            writeInt(&buf, Int32(4))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSupport_lift(_ buf: RustBuffer) throws -> Support {
    return try FfiConverterTypeSupport.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSupport_lower(_ value: Support) -> RustBuffer {
    return FfiConverterTypeSupport.lower(value)
}



/**
 * Whether the request may pass.
 */

public enum TokenAccess: Equatable, Hashable {

    /**
     * It may, as this subject and client.
     */
    case granted(
        /**
         * The token's row and its grant.
         */token: TokenRow,
        /**
         * What the answer to it has to hold beside its own: a nonce to be used from now on (RFC 9449 §8.2), if there
         * is one.
         */headers: [Header]
    )
    /**
     * It may not.
     */
    case refused(
        /**
         * The HTTP status: 400, 401 or 403; 503 where the store failed.
         */status: UInt16,
        /**
         * The value of `WWW-Authenticate` (RFC 6750 §3), if one is due.
         */wwwAuthenticate: String?,
        /**
         * The header fields of the answer: `WWW-Authenticate`, and `DPoP-Nonce` (RFC 9449 §9) where they are due.
         */headers: [Header]
    )





}

#if compiler(>=6)
extension TokenAccess: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTokenAccess: FfiConverterRustBuffer {
    typealias SwiftType = TokenAccess

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TokenAccess {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .granted(token: try FfiConverterTypeTokenRow.read(from: &buf), headers: try FfiConverterSequenceTypeHeader.read(from: &buf)
        )

        case 2: return .refused(status: try FfiConverterUInt16.read(from: &buf), wwwAuthenticate: try FfiConverterOptionString.read(from: &buf), headers: try FfiConverterSequenceTypeHeader.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: TokenAccess, into buf: inout [UInt8]) {
        switch value {


        case let .granted(token,headers):
            writeInt(&buf, Int32(1))
            FfiConverterTypeTokenRow.write(token, into: &buf)
            FfiConverterSequenceTypeHeader.write(headers, into: &buf)


        case let .refused(status,wwwAuthenticate,headers):
            writeInt(&buf, Int32(2))
            FfiConverterUInt16.write(status, into: &buf)
            FfiConverterOptionString.write(wwwAuthenticate, into: &buf)
            FfiConverterSequenceTypeHeader.write(headers, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenAccess_lift(_ buf: RustBuffer) throws -> TokenAccess {
    return try FfiConverterTypeTokenAccess.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenAccess_lower(_ value: TokenAccess) -> RustBuffer {
    return FfiConverterTypeTokenAccess.lower(value)
}



/**
 * What a token is for.
 */

public enum TokenKind: Equatable, Hashable {

    /**
     * An access token.
     */
    case access
    /**
     * A refresh token.
     */
    case refresh





}

#if compiler(>=6)
extension TokenKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTokenKind: FfiConverterRustBuffer {
    typealias SwiftType = TokenKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TokenKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .access

        case 2: return .refresh

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: TokenKind, into buf: inout [UInt8]) {
        switch value {


        case .access:
            writeInt(&buf, Int32(1))


        case .refresh:
            writeInt(&buf, Int32(2))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenKind_lift(_ buf: RustBuffer) throws -> TokenKind {
    return try FfiConverterTypeTokenKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenKind_lower(_ value: TokenKind) -> RustBuffer {
    return FfiConverterTypeTokenKind.lower(value)
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionUInt64: FfiConverterRustBuffer {
    typealias SwiftType = UInt64?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterUInt64.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterUInt64.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionBool: FfiConverterRustBuffer {
    typealias SwiftType = Bool?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterBool.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterBool.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionString: FfiConverterRustBuffer {
    typealias SwiftType = String?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterString.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterString.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionData: FfiConverterRustBuffer {
    typealias SwiftType = Data?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterData.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterData.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeDataKey: FfiConverterRustBuffer {
    typealias SwiftType = DataKey?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeDataKey.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeDataKey.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeDpopNonces: FfiConverterRustBuffer {
    typealias SwiftType = DpopNonces?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeDpopNonces.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeDpopNonces.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeFileLock: FfiConverterRustBuffer {
    typealias SwiftType = FileLock?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeFileLock.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeFileLock.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeTokenSet: FfiConverterRustBuffer {
    typealias SwiftType = TokenSet?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeTokenSet.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeTokenSet.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeAccessOutcome: FfiConverterRustBuffer {
    typealias SwiftType = AccessOutcome?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeAccessOutcome.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeAccessOutcome.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeAuthentication: FfiConverterRustBuffer {
    typealias SwiftType = Authentication?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeAuthentication.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeAuthentication.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeCheckDemands: FfiConverterRustBuffer {
    typealias SwiftType = CheckDemands?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeCheckDemands.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeCheckDemands.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeDemand: FfiConverterRustBuffer {
    typealias SwiftType = Demand?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeDemand.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeDemand.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeDiscovered: FfiConverterRustBuffer {
    typealias SwiftType = Discovered?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeDiscovered.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeDiscovered.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeEndpoints: FfiConverterRustBuffer {
    typealias SwiftType = Endpoints?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeEndpoints.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeEndpoints.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeGrantRow: FfiConverterRustBuffer {
    typealias SwiftType = GrantRow?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeGrantRow.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeGrantRow.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeIdentity: FfiConverterRustBuffer {
    typealias SwiftType = Identity?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeIdentity.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeIdentity.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeIssuance: FfiConverterRustBuffer {
    typealias SwiftType = Issuance?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeIssuance.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeIssuance.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeIssueOutcome: FfiConverterRustBuffer {
    typealias SwiftType = IssueOutcome?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeIssueOutcome.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeIssueOutcome.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeProtectedResource: FfiConverterRustBuffer {
    typealias SwiftType = ProtectedResource?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeProtectedResource.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeProtectedResource.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeRequestProof: FfiConverterRustBuffer {
    typealias SwiftType = RequestProof?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeRequestProof.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeRequestProof.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeStepUp: FfiConverterRustBuffer {
    typealias SwiftType = StepUp?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeStepUp.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeStepUp.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeStored: FfiConverterRustBuffer {
    typealias SwiftType = Stored?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeStored.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeStored.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeTokenAnswer: FfiConverterRustBuffer {
    typealias SwiftType = TokenAnswer?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeTokenAnswer.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeTokenAnswer.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeTokenRow: FfiConverterRustBuffer {
    typealias SwiftType = TokenRow?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeTokenRow.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeTokenRow.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeWarning: FfiConverterRustBuffer {
    typealias SwiftType = Warning?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeWarning.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeWarning.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeSource: FfiConverterRustBuffer {
    typealias SwiftType = Source?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeSource.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeSource.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeTokenAccess: FfiConverterRustBuffer {
    typealias SwiftType = TokenAccess?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeTokenAccess.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeTokenAccess.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionSequenceString: FfiConverterRustBuffer {
    typealias SwiftType = [String]?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterSequenceString.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterSequenceString.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceString: FfiConverterRustBuffer {
    typealias SwiftType = [String]

    public static func write(_ value: [String], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterString.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [String] {
        let len: Int32 = try readInt(&buf)
        var seq = [String]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterString.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeCapability: FfiConverterRustBuffer {
    typealias SwiftType = [Capability]

    public static func write(_ value: [Capability], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeCapability.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Capability] {
        let len: Int32 = try readInt(&buf)
        var seq = [Capability]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeCapability.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeChallenge: FfiConverterRustBuffer {
    typealias SwiftType = [Challenge]

    public static func write(_ value: [Challenge], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeChallenge.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Challenge] {
        let len: Int32 = try readInt(&buf)
        var seq = [Challenge]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeChallenge.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeChallengeParameter: FfiConverterRustBuffer {
    typealias SwiftType = [ChallengeParameter]

    public static func write(_ value: [ChallengeParameter], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeChallengeParameter.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [ChallengeParameter] {
        let len: Int32 = try readInt(&buf)
        var seq = [ChallengeParameter]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeChallengeParameter.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeHeader: FfiConverterRustBuffer {
    typealias SwiftType = [Header]

    public static func write(_ value: [Header], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeHeader.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Header] {
        let len: Int32 = try readInt(&buf)
        var seq = [Header]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeHeader.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeNewToken: FfiConverterRustBuffer {
    typealias SwiftType = [NewToken]

    public static func write(_ value: [NewToken], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeNewToken.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [NewToken] {
        let len: Int32 = try readInt(&buf)
        var seq = [NewToken]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeNewToken.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeParameter: FfiConverterRustBuffer {
    typealias SwiftType = [Parameter]

    public static func write(_ value: [Parameter], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeParameter.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Parameter] {
        let len: Int32 = try readInt(&buf)
        var seq = [Parameter]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeParameter.read(from: &buf))
        }
        return seq
    }
}
/**
 * The library's version, as `major.minor.patch`.
 */
public func version()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_version(uniffiCallStatus
    )
})
}
/**
 * Checks a configuration as the flow does: `invalid_configuration` names the field that cannot be used.
 */
public func checkAccess(config: AccessConfig)throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_check_access(
        FfiConverterTypeAccessConfig_lower(config),uniffiCallStatus
    )
}
}
/**
 * Fails with the error of a store that gave this stable code (`store_full`, `keyring_unavailable` and the
 * like), for a store that is used outside of a flow. `detail` is the store's own words.
 */
public func storeError(code: String, detail: String)throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_store_error(
        FfiConverterString.lower(code),
        FfiConverterString.lower(detail),uniffiCallStatus
    )
}
}
/**
 * The capability report: one line a feature, always in the same order.
 */
public func providerReport(provider: Provider)throws  -> [Capability]  {
    return try  FfiConverterSequenceTypeCapability.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_provider_report(
        FfiConverterTypeProvider_lower(provider),uniffiCallStatus
    )
})
}
/**
 * The document, ready to be served: a native application, public, for the code grant and for refreshing.
 * `invalid_metadata` names the member that cannot be used.
 */
public func clientDocumentJson(document: ClientDocument)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_client_document_json(
        FfiConverterTypeClientDocument_lower(document),uniffiCallStatus
    )
})
}
/**
 * Reads the document that was fetched from `url`. `invalid_metadata` names the member that cannot be used; a
 * `client_id` other than `url`, letter for letter, is one.
 */
public func readClientDocument(url: String, body: Data)throws  -> ClientDocument  {
    return try  FfiConverterTypeClientDocument_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_read_client_document(
        FfiConverterString.lower(url),
        FfiConverterData.lower(body),uniffiCallStatus
    )
})
}
/**
 * A sign-in for what was found: with its scopes and for its resource; all fields can be changed.
 */
public func discoveredSignIn(found: Discovered, clientId: String, redirect: RedirectTarget)throws  -> SignInConfig  {
    return try  FfiConverterTypeSignInConfig_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_discovered_sign_in(
        FfiConverterTypeDiscovered_lower(found),
        FfiConverterString.lower(clientId),
        FfiConverterTypeRedirectTarget_lower(redirect),uniffiCallStatus
    )
})
}
/**
 * Checks the value of the header field `DPoP` of a request, for authorization servers and resource servers
 * (RFC 9449 §4.3). `url` is the request's as the client sees it; `access_token` is that of a request to a
 * resource; `nonce` is the one that is demanded; `now` is in seconds since the epoch, and the proof may be
 * `window_s` seconds older or younger.
 */
public func checkDpopProof(proof: String, method: String, url: String, accessToken: String?, nonce: String?, now: UInt64, windowS: UInt64)throws  -> CheckedProof  {
    return try  FfiConverterTypeCheckedProof_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_check_dpop_proof(
        FfiConverterString.lower(proof),
        FfiConverterString.lower(method),
        FfiConverterString.lower(url),
        FfiConverterOptionString.lower(accessToken),
        FfiConverterOptionString.lower(nonce),
        FfiConverterUInt64.lower(now),
        FfiConverterUInt64.lower(windowS),uniffiCallStatus
    )
})
}
/**
 * The 64 bytes of an ES256 signature (RFC 7518 §3.4), from these or from strict DER; nothing where it is
 * neither.
 */
public func rawSignature(signature: Data)throws  -> Data?  {
    return try  FfiConverterOptionData.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_raw_signature(
        FfiConverterData.lower(signature),uniffiCallStatus
    )
})
}
/**
 * The default folder of this user, the same for every language. Nothing is made or looked at.
 */
public func defaultStoreFolder()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_default_store_folder(uniffiCallStatus
    )
})
}
/**
 * The entry of the system's keyring that holds the data key, the same for every language.
 */
public func keyringEntry()throws  -> KeyringEntry  {
    return try  FfiConverterTypeKeyringEntry_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_keyring_entry(uniffiCallStatus
    )
})
}
/**
 * Puts an ID token beside the tokens of an answer (OpenID Connect Core §3.1.3.3), signed by the server itself, and
 * gives its new body. A refusal is left as it is; `invalid_configuration` where the text is no JWS.
 */
public func bodyWithIdToken(answer: TokenAnswer, idToken: String)throws  -> Data  {
    return try  FfiConverterData.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_body_with_id_token(
        FfiConverterTypeTokenAnswer_lower(answer),
        FfiConverterString.lower(idToken),uniffiCallStatus
    )
})
}
/**
 * The client that a request names, so that its record can be looked up.
 */
public func clientOf(query: String)throws  -> NamedClient  {
    return try  FfiConverterTypeNamedClient_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_client_of(
        FfiConverterString.lower(query),uniffiCallStatus
    )
})
}
/**
 * Judges the query of an authorization request (RFC 6749 §4.1.1) from this client. An error means that the
 * policy cannot be used.
 */
public func judgeRequest(query: String, client: ClientRecord, policy: Policy)throws  -> Judged  {
    return try  FfiConverterTypeJudged_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_judge_request(
        FfiConverterString.lower(query),
        FfiConverterTypeClientRecord_lower(client),
        FfiConverterTypePolicy_lower(policy),uniffiCallStatus
    )
})
}
/**
 * How many keys of a key set can verify a signature (RFC 7517 §5). `invalid_key_set` says what is wrong.
 */
public func countKeys(keySet: Data)throws  -> UInt64  {
    return try  FfiConverterUInt64.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_count_keys(
        FfiConverterData.lower(keySet),uniffiCallStatus
    )
})
}
/**
 * Checks an ID token as OpenID Connect Core §3.1.3.7 demands, with the keys of its issuer (RFC 7517 §5, JSON).
 * `nonce`, `access_token` and `max_age` (seconds) are those of the sign-in; `now` is in seconds since the
 * epoch. Nothing where the key that it names is not among them: they are fetched once more then.
 * `id_token_refused` and `invalid_key_set` say what is wrong.
 */
public func verifyIdToken(idToken: String, keySet: Data, issuer: String, clientId: String, nonce: String?, accessToken: String?, maxAge: UInt64?, now: UInt64)throws  -> Identity?  {
    return try  FfiConverterOptionTypeIdentity.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_verify_id_token(
        FfiConverterString.lower(idToken),
        FfiConverterData.lower(keySet),
        FfiConverterString.lower(issuer),
        FfiConverterString.lower(clientId),
        FfiConverterOptionString.lower(nonce),
        FfiConverterOptionString.lower(accessToken),
        FfiConverterOptionUInt64.lower(maxAge),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}
/**
 * A new pair, from the system's generator. `random_unavailable` when that fails: there is no fallback.
 */
public func pair()throws  -> CodePair  {
    return try  FfiConverterTypeCodePair_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_pair(uniffiCallStatus
    )
})
}
/**
 * Reads a challenge as a server does and gives its one spelling, that of the text itself.
 * `invalid_challenge` unless it is 43 characters of base64url without padding whose spare bits are zero
 * (RFC 7636 §4.2, RFC 4648 §3.5).
 */
public func parseChallenge(text: String)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_parse_challenge(
        FfiConverterString.lower(text),uniffiCallStatus
    )
})
}
/**
 * Whether the challenge is that of the verifier: the authorization server's check (RFC 7636 §4.6), in
 * constant time. `invalid_verifier` and `invalid_challenge` for texts outside the grammar.
 */
public func verify(verifier: String, challenge: String)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_verify(
        FfiConverterString.lower(verifier),
        FfiConverterString.lower(challenge),uniffiCallStatus
    )
})
}
/**
 * Whether the document is younger than `max_age_s` seconds at `now`. Where the clock was set back behind
 * the fetching it is not.
 */
public func providerIsFresh(provider: Provider, now: UInt64, maxAgeS: UInt64)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_provider_is_fresh(
        FfiConverterTypeProvider_lower(provider),
        FfiConverterUInt64.lower(now),
        FfiConverterUInt64.lower(maxAgeS),uniffiCallStatus
    )
})
}
/**
 * The issuer's host and port, as they stand in the issuer: what a user is shown before the browser opens.
 */
public func providerIssuerHost(provider: Provider)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_provider_issuer_host(
        FfiConverterTypeProvider_lower(provider),uniffiCallStatus
    )
})
}
/**
 * A sign-in at this server: no scopes, no resource, five minutes; all fields can be changed.
 */
public func providerSignIn(provider: Provider, clientId: String, redirect: RedirectTarget)throws  -> SignInConfig  {
    return try  FfiConverterTypeSignInConfig_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_provider_sign_in(
        FfiConverterTypeProvider_lower(provider),
        FfiConverterString.lower(clientId),
        FfiConverterTypeRedirectTarget_lower(redirect),uniffiCallStatus
    )
})
}
/**
 * Reads a document that was fetched from `metadata_url` because `issuer` was asked for. `now` is in seconds
 * since the epoch; `allow_missing_s256` is the configuration's exception for this issuer.
 * `metadata_issuer_mismatch` where the document is another issuer's (RFC 8414 §3.3), `invalid_metadata`
 * names the member that cannot be used, `pkce_unsupported` where S256 is not promised and no exception is
 * made, `invalid_configuration` names `issuer`.
 */
public func readProvider(issuer: String, body: Data, allowMissingS256: Bool, metadataUrl: String, now: UInt64)throws  -> Provider  {
    return try  FfiConverterTypeProvider_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_read_provider(
        FfiConverterString.lower(issuer),
        FfiConverterData.lower(body),
        FfiConverterBool.lower(allowMissingS256),
        FfiConverterString.lower(metadataUrl),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}
/**
 * Whether a client may register this redirect URI: https, http on loopback, or a private-use scheme that is
 * a reversed domain (RFC 8252 §7). `invalid_configuration` says what is wrong with it.
 */
public func checkRedirectUri(uri: String)throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_check_redirect_uri(
        FfiConverterString.lower(uri),uniffiCallStatus
    )
}
}
/**
 * Whether a redirect URI that was sent is the registered one: equal as strings; for `http` to `127.0.0.1`
 * and `[::1]` the port may differ (RFC 8252 §7.3, RFC 9700 §2.1). One that could not be registered matches
 * nothing, not even itself.
 */
public func redirectUriMatches(registered: String, sent: String)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_redirect_uri_matches(
        FfiConverterString.lower(registered),
        FfiConverterString.lower(sent),uniffiCallStatus
    )
})
}
/**
 * The issuer to go on with: the one that the configuration names, or the first that the resource lists.
 * `issuer_not_listed` where there is a list and the configured issuer is not on it, `invalid_metadata` where
 * there is neither, or the first of the list is no issuer.
 */
public func protectedResourceIssuer(resource: ProtectedResource, configured: String?)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_protected_resource_issuer(
        FfiConverterTypeProtectedResource_lower(resource),
        FfiConverterOptionString.lower(configured),uniffiCallStatus
    )
})
}
/**
 * The scopes that the resource lists, without those that no request could carry (RFC 6749 §3.3).
 */
public func protectedResourceScopes(resource: ProtectedResource)throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_protected_resource_scopes(
        FfiConverterTypeProtectedResource_lower(resource),uniffiCallStatus
    )
})
}
/**
 * Reads a document that was fetched from `metadata_url` because `resource` was asked for. `now` is in seconds
 * since the epoch. `metadata_resource_mismatch` where the document is another resource's (RFC 9728 §3.3),
 * `invalid_metadata` names the member that cannot be used, `invalid_configuration` names `resource`.
 */
public func readProtectedResource(resource: String, body: Data, metadataUrl: String, now: UInt64)throws  -> ProtectedResource  {
    return try  FfiConverterTypeProtectedResource_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_read_protected_resource(
        FfiConverterString.lower(resource),
        FfiConverterData.lower(body),
        FfiConverterString.lower(metadataUrl),
        FfiConverterUInt64.lower(now),uniffiCallStatus
    )
})
}
/**
 * Checks that a request to `url` may carry a token for `resource`, as `TokenSet.authorization` does: for who has
 * no token yet and asks before the user is asked. `wrong_resource` where `url` does not lie in the resource, or
 * there is none.
 */
public func checkResource(resource: String?, url: String)throws   {try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_check_resource(
        FfiConverterOptionString.lower(resource),
        FfiConverterString.lower(url),uniffiCallStatus
    )
}
}
/**
 * The addresses of an authorization server's metadata, in the order in which they are asked (RFC 8414 §3.1,
 * OpenID Connect Discovery 1.0 §4). `invalid_configuration` names `issuer`.
 */
public func authorizationServerUrls(issuer: String)throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_authorization_server_urls(
        FfiConverterString.lower(issuer),uniffiCallStatus
    )
})
}
/**
 * The addresses of a protected resource's metadata, in the order in which they are asked (RFC 9728 §3.1).
 * `invalid_configuration` names `resource`.
 */
public func protectedResourceUrls(resource: String)throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_protected_resource_urls(
        FfiConverterString.lower(resource),uniffiCallStatus
    )
})
}
/**
 * Parses the values of all `WWW-Authenticate` fields of an answer. Total: a challenge with a defect is left
 * out, and its defect is kept.
 */
public func parseChallenges(fields: [String])throws  -> Challenges  {
    return try  FfiConverterTypeChallenges_lift(try rustCallWithError(FfiConverterTypeProofKeyError_lift) {
        uniffiCallStatus in
    uniffi_proofkey_uniffi_fn_func_parse_challenges(
        FfiConverterSequenceString.lower(fields),uniffiCallStatus
    )
})
}

private enum InitializationResult {
    case ok
    case contractVersionMismatch
    case apiChecksumMismatch
}
// Use a global variable to perform the versioning checks. Swift ensures that
// the code inside is only computed once.
private let initializationResult: InitializationResult = {
    // Get the bindings contract version from our ComponentInterface
    let bindings_contract_version = 30
    // Get the scaffolding contract version by calling the into the dylib
    let scaffolding_contract_version = ffi_proofkey_uniffi_uniffi_contract_version()
    if bindings_contract_version != scaffolding_contract_version {
        return InitializationResult.contractVersionMismatch
    }

    return InitializationResult.ok
}()

// Make the ensure init function public so that other modules which have external type references to
// our types can call it.
public func uniffiEnsureProofkeyUniffiInitialized() {
    switch initializationResult {
    case .ok:
        break
    case .contractVersionMismatch:
        fatalError("UniFFI contract version mismatch: try cleaning and rebuilding your project")
    case .apiChecksumMismatch:
        fatalError("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
}

// swiftlint:enable all
