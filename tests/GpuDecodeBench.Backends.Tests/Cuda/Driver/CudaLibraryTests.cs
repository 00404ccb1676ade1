using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver;

/// <summary>What a driver shows, and why it shows nothing.</summary>
public sealed class CudaLibraryTests
{
    private static readonly FakeHost s_host = new();

    [Fact]
    public void Devices_are_described()
    {
        CudaDeviceInfo device = CudaLibrary.Open(new FakeCudaDriver()).Devices[0];

        Assert.Equal("GPU-abababab-abab-abab-abab-abababababab", device.Uuid);
        Assert.Equal((90, "0000:01:00.0", 80L << 30), (device.Compute, device.PciBusId, device.TotalBytes));
        Assert.False(device.IsMigInstance);
        Assert.Equal(0, device.MemoryClockKilohertz);
    }

    [Fact]
    public void A_device_carries_the_identity_that_other_libraries_know_it_by()
    {
        DeviceDescription described = CudaBackend.Describe(CudaLibrary.Open(new FakeCudaDriver()).Devices[0]);

        Assert.Equal("GPU-abababab-abab-abab-abab-abababababab", described.Uuid);
        Assert.Equal("0000:01:00.0", described.PciBusId);
    }

    [Fact]
    public void A_device_whose_identity_the_driver_hides_has_none()
    {
        var driver = new FakeCudaDriver()
            .Fail("DeviceGetUuid", CudaResult.NotSupported)
            .Fail("DeviceGetPciBusId", CudaResult.NotSupported);

        DeviceDescription described = CudaBackend.Describe(CudaLibrary.Open(driver).Devices[0]);

        Assert.Equal((null, null), (described.Uuid, described.PciBusId));
    }

    [Fact]
    public void An_instance_of_a_device_is_told_by_its_name()
    {
        var driver = new FakeCudaDriver { Name = "NVIDIA A100-SXM4-40GB MIG 1g.5gb" };

        CudaDeviceInfo device = CudaLibrary.Open(driver).Devices[0];

        Assert.True(device.IsMigInstance);
        Assert.StartsWith("MIG-", device.Uuid, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_driver_is_too_old() =>
        Assert.Equal(
            "The NVIDIA driver supports CUDA 11.4 at most, and this program needs CUDA 11.8 or newer: update the driver to 520 or "
                + "newer.",
            WhyNot(new FakeCudaDriver { Version = 11040 }, s_host)
        );

    [Theory]
    [InlineData(7, 8, 11080)]
    [InlineData(8, 0, 12000)]
    [InlineData(8, 5, 12050)]
    [InlineData(8, 6, 12070)]
    [InlineData(8, 8, 12090)]
    [InlineData(9, 0, 13000)]
    public void A_version_of_PTX_needs_a_driver(int major, int minor, int version) =>
        Assert.Equal(version, CudaLibrary.RequiredDriverVersion(major, minor));

    [Fact]
    public void An_unknown_version_of_PTX_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CudaLibrary.RequiredDriverVersion(6, 0));

    [Fact]
    public void A_driver_too_old_for_a_version_of_PTX_says_so()
    {
        CudaLibrary library = CudaLibrary.Open(new FakeCudaDriver { Version = 12040 });

        Assert.Null(library.WhyPtxUnsupported(8, 4));
        Assert.Equal(
            "The NVIDIA driver supports CUDA 12.4 at most, and kernels in PTX 8.5 need CUDA 12.5: update the driver to 555 or "
                + "newer.",
            library.WhyPtxUnsupported(8, 5)
        );
    }

    [Fact]
    public void Hidden_devices_are_said_to_be_hidden() =>
        Assert.Equal(
            "The NVIDIA driver shows no GPU (CUDA_ERROR_100 (some words)), since CUDA_VISIBLE_DEVICES is \"\", which hides them "
                + "all: unset it or name a GPU in it.",
            WhyNot(NoDevice(), new FakeHost { VisibleDevices = "" })
        );

    [Theory]
    [InlineData("-1", "which hides them all")]
    [InlineData("NoDevFiles", "which hides them all")]
    [InlineData("7", "with CUDA_VISIBLE_DEVICES at \"7\": unset it or name a GPU that nvidia-smi -L lists.")]
    [InlineData("GPU-1234", "with CUDA_VISIBLE_DEVICES at \"GPU-1234\"")]
    public void A_choice_of_devices_is_named(string visible, string words) =>
        Assert.Contains(words, WhyNot(NoDevice(), new FakeHost { VisibleDevices = visible }), StringComparison.Ordinal);

    [Fact]
    public void A_container_without_device_nodes_is_named() =>
        Assert.Equal(
            "The NVIDIA driver shows no GPU (CUDA_ERROR_100 (some words)), since this container has no device nodes /dev/nvidia*: "
                + "start it with --gpus all and the NVIDIA container toolkit.",
            WhyNot(NoDevice(), new FakeHost { HasDeviceNodes = false, IsContainer = true })
        );

    [Fact]
    public void A_machine_without_device_nodes_is_named() =>
        Assert.EndsWith(
            "since there are no device nodes /dev/nvidia*: check that the machine has an NVIDIA GPU and that its kernel module is "
                + "loaded (nvidia-smi does both).",
            WhyNot(NoDevice(), new FakeHost { HasDeviceNodes = false }),
            StringComparison.Ordinal
        );

    [Fact]
    public void No_device_at_all_is_said() =>
        Assert.Equal(
            "The NVIDIA driver shows no GPU (CUDA_ERROR_100 (some words)): check that nvidia-smi lists one, and that MIG mode, if "
                + "it is on, has an instance.",
            WhyNot(new FakeCudaDriver { DeviceCount = 0 }, s_host)
        );

    [Fact]
    public void A_system_that_is_not_ready_names_the_fabric_manager() =>
        Assert.Equal(
            "The NVIDIA driver does not start: CUDA_ERROR_802 (some words); the system's NVIDIA services are not up; on machines "
                + "with NVSwitch start nvidia-fabricmanager in the driver's own version.",
            WhyNot(new FakeCudaDriver().Fail("Init", CudaResult.SystemNotReady), s_host)
        );

    [Fact]
    public void A_mismatch_names_the_kernels_driver() =>
        Assert.Equal(
            "The NVIDIA driver does not start: CUDA_ERROR_803 (some words); libcuda is not of the kernel driver's version "
                + "555.42.02: reboot after an update of the driver, or install the libcuda of that version.",
            WhyNot(
                new FakeCudaDriver().Fail("Init", CudaResult.SystemDriverMismatch),
                new FakeHost { KernelDriverVersion = "555.42.02" }
            )
        );

    [Theory]
    [InlineData((int)CudaResult.SystemDriverMismatch, "reboot, or install matching ones")]
    [InlineData((int)CudaResult.CompatNotSupportedOnDevice, "works on data-centre GPUs alone")]
    [InlineData((int)CudaResult.StubLibrary, "is the toolkit's stub")]
    [InlineData((int)CudaResult.OutOfMemory, "the host has too little memory")]
    public void A_driver_that_does_not_start_says_what_to_do(int result, string words) =>
        Assert.Contains(
            words,
            WhyNot(new FakeCudaDriver().Fail("Init", (CudaResult)result), s_host),
            StringComparison.Ordinal
        );

    [Fact]
    public void Opening_throws_the_sentence()
    {
        var error = Assert.Throws<DeviceUnavailableException>(() =>
            CudaLibrary.Open(new FakeCudaDriver { Version = 11040 })
        );

        Assert.StartsWith("The NVIDIA driver supports CUDA 11.4 at most", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NVRM version: NVIDIA UNIX x86_64 Kernel Module  555.42.02  Thu May 2 2024\n", "555.42.02")]
    [InlineData("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build", "580.65.06")]
    [InlineData("", null)]
    public void The_kernels_driver_version_is_read(string text, string? version) =>
        Assert.Equal(version, CudaHost.ParseVersion(text));

    private static FakeCudaDriver NoDevice() => new FakeCudaDriver().Fail("Init", CudaResult.NoDevice);

    private static string WhyNot(FakeCudaDriver driver, FakeHost host)
    {
        Assert.Null(CudaLibrary.TryOpen(driver, host, out string? whyNot));
        return whyNot!;
    }
}
