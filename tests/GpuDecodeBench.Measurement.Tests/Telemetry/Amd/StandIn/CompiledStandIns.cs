using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd.StandIn;

/// <summary>The C sources of this folder as shared libraries, each compiled once.</summary>
internal static class CompiledStandIns
{
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Compiled = new(StringComparer.Ordinal);

    /// <summary>
    /// Writes the library of a source of this folder, compiled with definitions for the preprocessor: once for each set of definitions,
    /// and a copy of it for each test, so that each has variables of its own.
    /// </summary>
    public static void Write(string source, string library, params string[] definitions)
    {
        Lazy<byte[]> compiled = Compiled.GetOrAdd(
            string.Join(' ', [source, .. definitions]),
            _ => new Lazy<byte[]>(() => Compile(source, definitions))
        );
        File.WriteAllBytes(library, compiled.Value);
    }

    private static byte[] Compile(string source, string[] definitions)
    {
        string folder = Directory.CreateTempSubdirectory("amd-stand-in-").FullName;
        try
        {
            string library = Path.Combine(folder, "stand_in.so");
            StandInCompiler.Compile(SourcePath(source), library, definitions);
            return File.ReadAllBytes(library);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string SourcePath(string source, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, source);
}
