using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Native;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Nvml;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Nvml.StandIn;

/// <summary>
/// A library that answers like NVIDIA's management library, compiled from nvml_stand_in.c for these tests alone, with the codes and
/// figures that a test asks for.
/// </summary>
public sealed unsafe class NvmlStandIn : IDisposable
{
    public const string Uuid = "GPU-00112233-4455-6677-8899-aabbccddeeff";
    public const string PciBusId = "0000:65:00.0";
    private const string FileName = "libnvidia-ml.so.1";

    private readonly string _folder = Directory.CreateTempSubdirectory("nvml-stand-in-").FullName;
    private readonly nint _library;

    public NvmlStandIn()
        : this([]) { }

    private NvmlStandIn(string[] definitions)
    {
        if (StandInCompiler.WhyUnavailable is null)
        {
            StandInCompiler.Compile(SourcePath(), Path.Combine(_folder, FileName), definitions);
            _library = NativeLibrary.Load(Path.Combine(_folder, FileName));
            Reset();
        }
    }

    public static DeviceDescription Gpu { get; } =
        new()
        {
            Id = "cuda:0",
            Name = "NVIDIA Stand-in H200",
            Backend = "cuda",
            Uuid = Uuid,
            PciBusId = PciBusId,
        };

    /// <summary>How often the library was started and not ended.</summary>
    public int References => ((delegate* unmanaged<int>)Export("stand_in_references"))();

    /// <summary>The functions that were called since the last time they were forgotten.</summary>
    public string[] Calls =>
        Marshal
            .PtrToStringUTF8(((delegate* unmanaged<nint>)Export("stand_in_calls"))())!
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Sizes and offsets of the structures, as the C compiler lays them out.</summary>
    public int[] Layout
    {
        get
        {
            int[] layout = new int[64];
            fixed (int* values = layout)
            {
                return layout[..((delegate* unmanaged<int*, int>)Export("stand_in_layout"))(values)];
            }
        }
    }

    /// <summary>A library of its own, with functions left out or renamed by the C preprocessor.</summary>
    public static NvmlStandIn With(params string[] definitions) => new(definitions);

    /// <summary>A library that lacks functions.</summary>
    public static NvmlStandIn Without(params string[] functions) =>
        new([.. functions.Select(function => $"-D{function}=left_out_{function}")]);

    internal static NativeLibrarySearch Search(string folder) =>
        NvidiaLibraries.Management(FileName, [folder]) with
        {
            HasSystemSearch = false,
        };

    internal ITelemetrySource Open(DeviceDescription? device = null) =>
        NvmlTelemetry.Open(device ?? Gpu, Search(_folder));

    /// <summary>Takes back whatever a test asked for.</summary>
    public void Reset() => ((delegate* unmanaged<void>)Export("stand_in_reset"))();

    public void ForgetCalls() => ((delegate* unmanaged<void>)Export("stand_in_forget_calls"))();

    /// <summary>Lets a function, or one of its answers, fail.</summary>
    internal void Fail(string name, NvmlReturn code)
    {
        fixed (byte* text = Text(name))
        {
            ((delegate* unmanaged<byte*, int, void>)Export("stand_in_code"))(text, (int)code);
        }
    }

    /// <summary>Lets every function fail.</summary>
    internal void FailEverything(NvmlReturn code) =>
        ((delegate* unmanaged<int, void>)Export("stand_in_everything"))((int)code);

    /// <summary>Sets what a function answers.</summary>
    public void Answer(string name, ulong figure)
    {
        fixed (byte* text = Text(name))
        {
            ((delegate* unmanaged<byte*, ulong, void>)Export("stand_in_figure"))(text, figure);
        }
    }

    /// <summary>Sets the identity of the GPU.</summary>
    public void Identity(string uuid)
    {
        fixed (byte* text = Text(uuid))
        {
            ((delegate* unmanaged<byte*, void>)Export("stand_in_uuid"))(text);
        }
    }

    /// <summary>Adds a sample to the power sensor's buffer.</summary>
    public void Sample(ulong microseconds, uint milliwatts) =>
        ((delegate* unmanaged<ulong, uint, void>)Export("stand_in_sample"))(microseconds, milliwatts);

    /// <summary>Adds a process.</summary>
    public void Process(uint id) => ((delegate* unmanaged<uint, void>)Export("stand_in_process"))(id);

    /// <summary>Now, on a clock of the C library: 0 is the time of day, 7 the time since the machine was started.</summary>
    public ulong Microseconds(int clock) => ((delegate* unmanaged<int, ulong>)Export("stand_in_microseconds"))(clock);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static string SourcePath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "nvml_stand_in.c");

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
