using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Tests.Cuda.Emulation;

/// <summary>
/// A machine that knows two kernels: add adds its second parameter to the 32-bit number at its first, and wild reads where there is
/// no memory. It takes the directives of PTX and ignores the rest.
/// </summary>
internal sealed class FakeMachine : IEmulatedMachine
{
    private readonly Dictionary<ulong, byte[]> _memory = [];
    private ulong _next = 1 << 20;

    public ulong Allocate(long bytes, string label)
    {
        ulong address = _next;
        _next += (ulong)bytes + 256;
        _memory.Add(address, new byte[bytes]);
        return address;
    }

    public void Free(ulong address) => Assert.True(_memory.Remove(address));

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(At(address, bytes.Length));

    public void Read(ulong address, Span<byte> bytes) => At(address, bytes.Length).CopyTo(bytes);

    public IEmulatedModule? Load(string ptx, out string errors)
    {
        errors = ptx.Contains("nonsense", StringComparison.Ordinal) ? "PTX line 1: unknown instruction: nonsense" : "";
        return errors.Length > 0 ? null : new Module(ptx);
    }

    public void Run(
        IEmulatedKernel kernel,
        CudaDim3 grid,
        CudaDim3 block,
        int dynamicSharedBytes,
        ReadOnlySpan<byte> parameters,
        LaunchChain? chain,
        bool isProgrammatic
    )
    {
        ulong address = kernel.Name == "wild" ? 8 : BitConverter.ToUInt64(parameters);
        Span<byte> number = At(address, sizeof(int));
        BitConverter.TryWriteBytes(number, BitConverter.ToInt32(number) + BitConverter.ToInt32(parameters[8..]));
    }

    private Span<byte> At(ulong address, int bytes)
    {
        foreach ((ulong start, byte[] memory) in _memory)
        {
            if (address >= start && address + (ulong)bytes <= start + (ulong)memory.Length)
            {
                return memory.AsSpan((int)(address - start), bytes);
            }
        }

        throw new EmulatedFaultException(CudaResult.IllegalAddress, $"{bytes} bytes at 0x{address:x} are no memory");
    }

    private sealed class Module(string ptx) : IEmulatedModule
    {
        public Version Version => Version.Parse(After(".version "));

        public int Target => int.Parse(After(".target sm_").TrimEnd('a'), CultureInfo.InvariantCulture);

        public bool IsForTargetAlone => After(".target sm_").EndsWith('a');

        public IReadOnlyDictionary<string, IEmulatedKernel> Kernels { get; } =
            new[] { "add", "wild" }.ToDictionary(name => name, name => (IEmulatedKernel)new Kernel(name));

        private string After(string directive) =>
            ptx[(ptx.IndexOf(directive, StringComparison.Ordinal) + directive.Length)..].Split('\n')[0];
    }

    private sealed record Kernel(string Name) : IEmulatedKernel
    {
        public int ParameterBytes => 12;

        public int StaticSharedBytes => 1024;

        public int LocalBytes => 0;

        public int? MaxThreads => 256;
    }
}
