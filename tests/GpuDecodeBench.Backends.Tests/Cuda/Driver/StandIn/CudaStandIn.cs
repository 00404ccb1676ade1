using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Native;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver.StandIn;

/// <summary>
/// A library that exports the CUDA driver's functions, compiled from cuda_stand_in.c for these tests alone: it writes down what it
/// is called with.
/// </summary>
public sealed unsafe class CudaStandIn : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cuda-stand-in-").FullName;
    private readonly nint _library;
    private NativeCudaDriver? _driver;

    public CudaStandIn()
    {
        if (WhyUnavailable is null)
        {
            _library = NativeLibrary.Load(Compile("libcuda.so.1"));
        }
    }

    /// <summary>Why the stand-in cannot be compiled here; null where it can.</summary>
    public static string? WhyUnavailable => StandInCompiler.WhyUnavailable;

    internal NativeCudaDriver Driver =>
        _driver ??=
            NativeCudaDriver.TryLoad(Search(_folder), out string? whyNot)
            ?? throw new InvalidOperationException(whyNot);

    /// <summary>What was called since the last reset, a line each, with the arguments as C saw them.</summary>
    public string[] Calls =>
        Marshal
            .PtrToStringUTF8(((delegate* unmanaged<nint>)Export("stand_in_calls"))())!
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Sizes and offsets of the launch structures, as the C compiler lays them out.</summary>
    public int[] Layout
    {
        get
        {
            var layout = new int[7];
            fixed (int* values = layout)
            {
                ((delegate* unmanaged<int*, void>)Export("stand_in_layout"))(values);
            }

            return layout;
        }
    }

    /// <summary>A search that finds only what is in one folder.</summary>
    internal static NativeLibrarySearch Search(string folder) =>
        NvidiaLibraries.Cuda("libcuda.so.1", [folder]) with
        {
            HasSystemSearch = false,
        };

    public void Reset() => ((delegate* unmanaged<void>)Export("stand_in_reset"))();

    public void ArgumentBytes(int bytes) => ((delegate* unmanaged<int, void>)Export("stand_in_argument_bytes"))(bytes);

    public void Devices(int count) => ((delegate* unmanaged<int, void>)Export("stand_in_devices"))(count);

    internal void Fail(string function, CudaResult result)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(function + '\0'))
        {
            ((delegate* unmanaged<byte*, int, void>)Export("stand_in_fail"))(name, (int)result);
        }
    }

    /// <summary>Compiles a library of its own, with definitions for the C preprocessor, into a folder of its own.</summary>
    public string CompileOther(string folder, params string[] definitions)
    {
        Directory.CreateDirectory(Path.Combine(_folder, folder));
        Compile(Path.Combine(folder, "libcuda.so.1"), definitions);
        return Path.Combine(_folder, folder);
    }

    /// <summary>An empty folder of its own.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string SourcePath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "cuda_stand_in.c");

    private string Compile(string name, params string[] definitions)
    {
        string path = Path.Combine(_folder, name);
        StandInCompiler.Compile(SourcePath(), path, definitions);
        return path;
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
