namespace GpuDecodeBench.Backends.Native;

/// <summary>The ways in which a library is not to be had.</summary>
internal enum NativeLibraryFailureKind
{
    /// <summary>The operating system has no such library.</summary>
    NoSuchSystem,

    /// <summary>It is nowhere.</summary>
    NotFound,

    /// <summary>It is there and does not load.</summary>
    Broken,
}
