using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Native;

/// <summary>Looks a library's functions up, and remembers those that are missing.</summary>
internal sealed class NativeSymbols(nint library)
{
    private readonly List<string> _missing = [];

    /// <summary>The functions that were asked for and are not there.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>
    /// A function by its exported name. The names with _v2 and higher are those that NVIDIA's headers put in place of the plain
    /// ones, which take 32-bit sizes or older structures and stay for programs built long ago.
    /// </summary>
    /// <param name="name">The name to look for.</param>
    /// <param name="otherName">One to take in its place where the library lacks it.</param>
    /// <returns>Its address; 0 where the library has neither.</returns>
    public nint Get(string name, string? otherName = null)
    {
        if (
            NativeLibrary.TryGetExport(library, name, out nint address)
            || (otherName is not null && NativeLibrary.TryGetExport(library, otherName, out address))
        )
        {
            return address;
        }

        _missing.Add(name);
        return 0;
    }
}
