package dev.proofkey.benches

import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassVisitor
import org.objectweb.asm.ClassWriter
import org.objectweb.asm.MethodVisitor
import org.objectweb.asm.Opcodes
import java.util.TreeMap

/** What one run of a job has called of the native library, by name. */
public object Crossings {
    private val seen = TreeMap<String, Int>()

    /** A call; the counted classes make it before each of their own. */
    @JvmStatic
    @Synchronized
    public fun hit(name: String) {
        seen[name] = (seen[name] ?: 0) + 1
    }

    /** How often [job] calls each native function, when it has been run before. */
    @Synchronized
    internal fun of(job: Job): Map<String, Int> {
        job.signIn()
        seen.clear()
        job.signIn()
        return TreeMap(seen)
    }
}

/** What a native function is for: a call of ours, a reference to an object, or memory of what is passed. */
internal fun kind(name: String): String =
    when {
        "rustbuffer" in name -> "memory"
        "_fn_clone_" in name || "_fn_free_" in name -> "references"
        else -> "calls"
    }

private const val LIBRARY = "dev/proofkey/internal/UniffiLib"

/**
 * Loads ProofKey's classes and the job anew, as they are in their jars, with a count before each call of a native
 * function.
 */
internal class Counted : ClassLoader(Counted::class.java.classLoader) {
    /** [Ours], counted. */
    fun ours(): Job = loadClass(Ours::class.java.name).getDeclaredConstructor().newInstance() as Job

    override fun loadClass(
        name: String,
        resolve: Boolean,
    ): Class<*> {
        val ours = name.startsWith("dev.proofkey.") && !name.startsWith("dev.proofkey.benches.")
        if (!ours && !name.startsWith(Ours::class.java.name)) return super.loadClass(name, resolve)
        return synchronized(getClassLoadingLock(name)) { findLoadedClass(name) ?: counted(name) }
    }

    private fun counted(name: String): Class<*> {
        val stream = parent.getResourceAsStream(name.replace('.', '/') + ".class") ?: throw ClassNotFoundException(name)
        val reader = ClassReader(stream.use { it.readBytes() })
        val writer = ClassWriter(reader, ClassWriter.COMPUTE_MAXS)
        reader.accept(Counting(writer), 0)
        val bytes = writer.toByteArray()
        return defineClass(name, bytes, 0, bytes.size)
    }
}

private class Counting(
    next: ClassVisitor,
) : ClassVisitor(Opcodes.ASM9, next) {
    override fun visitMethod(
        access: Int,
        name: String,
        descriptor: String,
        signature: String?,
        exceptions: Array<out String>?,
    ): MethodVisitor =
        object : MethodVisitor(api, super.visitMethod(access, name, descriptor, signature, exceptions)) {
            override fun visitMethodInsn(
                opcode: Int,
                owner: String,
                name: String,
                descriptor: String,
                isInterface: Boolean,
            ) {
                // All that is native there has such a name, and nothing else has.
                if (owner == LIBRARY && (name.startsWith("uniffi_") || name.startsWith("ffi_"))) {
                    visitLdcInsn(name)
                    super.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        "dev/proofkey/benches/Crossings",
                        "hit",
                        "(Ljava/lang/String;)V",
                        false,
                    )
                }
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface)
            }
        }
}
