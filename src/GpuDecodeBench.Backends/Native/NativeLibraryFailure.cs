namespace GpuDecodeBench.Backends.Native;

/// <summary>Why a library is not to be had.</summary>
/// <param name="Kind">The case, for programs.</param>
/// <param name="Sentence">The case in one sentence, with what would help.</param>
internal sealed record NativeLibraryFailure(NativeLibraryFailureKind Kind, string Sentence);
