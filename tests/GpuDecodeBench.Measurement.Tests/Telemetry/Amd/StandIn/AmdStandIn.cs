using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Amd;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd.StandIn;

/// <summary>One of AMD's libraries as a stand-in, alone in a folder of its own.</summary>
internal sealed unsafe class AmdStandIn : IDisposable
{
    private const int MetricsBytes = 480;
    private readonly string _folder = Directory.CreateTempSubdirectory("amd-stand-in-").FullName;
    private readonly nint _library;

    private AmdStandIn(string source, string library, string[] definitions)
    {
        string path = Path.Combine(_folder, library);
        CompiledStandIns.Write(source, path, definitions);
        _library = NativeLibrary.Load(path);
        Table.Fill(0xFF);
    }

    /// <summary>Finds the stand-in and nothing else.</summary>
    public AmdLibrarySearch Search => new([_folder]) { HasSystemSearch = false };

    /// <summary>The metrics table that the library will give, beginning as ones.</summary>
    public Span<byte> Table => new((void*)((delegate* unmanaged<nint>)Export("stand_in_metrics"))(), MetricsBytes);

    /// <summary>How often the library was started and not shut down.</summary>
    public int Started => ((delegate* unmanaged<int>)Export("stand_in_started"))();

    /// <summary>The place on the PCI bus that was asked for.</summary>
    public ulong Place => ((delegate* unmanaged<ulong>)Export("stand_in_place"))();

    public static AmdStandIn AmdSmi(params string[] definitions) =>
        new("amd_smi_stand_in.c", "libamd_smi.so", definitions);

    public static AmdStandIn RocmSmi(params string[] definitions) =>
        new("rocm_smi_stand_in.c", "librocm_smi64.so", definitions);

    /// <summary>Puts a library of the newer one's name beside it, which has none of its functions.</summary>
    public AmdStandIn WithStrangerAsAmdSmi()
    {
        CompiledStandIns.Write("rocm_smi_stand_in.c", Path.Combine(_folder, "libamd_smi.so"));
        return this;
    }

    public AmdTelemetrySource Open(string place = "0000:c1:00.0") => AmdTelemetrySource.Open(place, Search).Value;

    public int[] Layout(int count)
    {
        int[] layout = new int[count];
        fixed (int* values = layout)
        {
            ((delegate* unmanaged<int*, void>)Export("stand_in_layout"))(values);
        }

        return layout;
    }

    public void Fail(uint init = 0, uint find = 0, uint others = 0) =>
        ((delegate* unmanaged<uint, uint, uint, void>)Export("stand_in_fail"))(init, find, others);

    public void Energy(ulong counter, float microjoules) =>
        ((delegate* unmanaged<ulong, float, void>)Export("stand_in_energy"))(counter, microjoules);

    public void PowerCap(ulong cap) => ((delegate* unmanaged<ulong, void>)Export("stand_in_power_cap"))(cap);

    public void Small(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Table[offset..], value);

    public void Large(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Table[offset..], value);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
