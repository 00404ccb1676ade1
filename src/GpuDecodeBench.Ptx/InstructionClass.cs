namespace GpuDecodeBench.Ptx;

/// <summary>Kinds of instructions that are counted apart.</summary>
public enum InstructionClass
{
    /// <summary>Integer, logic, moves of packed values.</summary>
    Integer,

    /// <summary>Single and double precision arithmetic and comparison.</summary>
    Float,

    /// <summary>Arithmetic on f16 and bf16.</summary>
    Half,

    /// <summary>Matrix products.</summary>
    Tensor,

    /// <summary>Loads from global, constant, local or generic memory, asynchronous copies included.</summary>
    Load,

    /// <summary>Stores, atomics and reductions to global, local or generic memory.</summary>
    Store,

    /// <summary>Loads, stores and atomics of shared memory.</summary>
    Shared,

    /// <summary>Branches and ends.</summary>
    Branch,

    /// <summary>Barriers, fences, shuffles, votes and waits.</summary>
    Sync,

    /// <summary>Conversions between number types.</summary>
    Conversion,

    /// <summary>Approximate functions: exponential, logarithm, reciprocal, root, sine.</summary>
    Special,

    /// <summary>Everything else: parameter loads, address space conversions, plain moves.</summary>
    Other,
}
