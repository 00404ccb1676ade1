using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>This part: memory errors, and the connections to the host and to other GPUs.</summary>
internal static partial class NvmlStateReader
{
    private const double BytesPerMegabyte = 1e6;
    private const uint LinksOfFirstFields = 6;
    private const uint LinksOfFields = 12;

    private static MemoryErrorState MemoryErrors(NvmlDevice device)
    {
        const string Remapped = "nvmlDeviceGetRemappedRows";
        NvmlReturn code = device.Library.RemappedRows(device.Handle, out var rows);
        return new MemoryErrorState
        {
            IsEccEnabled = device.Read(
                device.Library.Pair(NvmlPair.EccMode, device.Handle, out uint current, out _),
                "nvmlDeviceGetEccMode",
                current != 0
            ),
            CorrectedSinceLoad = Errors(device, NvmlKinds.CorrectedErrors, NvmlKinds.ErrorsSinceLoad),
            UncorrectedSinceLoad = Errors(device, NvmlKinds.UncorrectedErrors, NvmlKinds.ErrorsSinceLoad),
            CorrectedInAll = Errors(device, NvmlKinds.CorrectedErrors, NvmlKinds.ErrorsInAll),
            UncorrectedInAll = Errors(device, NvmlKinds.UncorrectedErrors, NvmlKinds.ErrorsInAll),
            RemappedCorrectable = device.Read(code, Remapped, (long)rows.Corrected),
            RemappedUncorrectable = device.Read(code, Remapped, (long)rows.Uncorrected),
            IsRemappingPending = device.Read(code, Remapped, rows.Pending != 0),
            HasRemappingFailed = device.Read(code, Remapped, rows.Failed != 0),
        };
    }

    private static Reading<long> Errors(NvmlDevice device, uint errors, uint since) =>
        device.Read(
            device.Library.TotalEccErrors(device.Handle, errors, since, out ulong count),
            "nvmlDeviceGetTotalEccErrors",
            (long)Math.Min(count, long.MaxValue)
        );

    private static PcieState Pcie(NvmlDevice device)
    {
        Reading<long> replays = Number(device, NvmlNumber.PcieReplayCounter, value => (long)value);
        return new PcieState
        {
            Generation = PositiveInt(device, NvmlNumber.CurrPcieLinkGeneration),
            MaximumGeneration = PositiveInt(device, NvmlNumber.MaxPcieLinkGeneration),
            Width = PositiveInt(device, NvmlNumber.CurrPcieLinkWidth),
            MaximumWidth = PositiveInt(device, NvmlNumber.MaxPcieLinkWidth),
            Replays =
                !replays.HasValue && Field(device, NvmlField.PcieReplays).TryGet(out double count)
                    ? Reading.Of((long)count)
                    : replays,
        };
    }

    private static Reading<IReadOnlyList<LinkState>> Links(NvmlDevice device)
    {
        // Drivers without the count refuse the first link that is not there.
        Reading<double> count = Field(device, NvmlField.LinkCount);
        uint most = count.TryGet(out double known)
            ? (uint)Math.Clamp(known, 0, NvmlKinds.MaximumLinks)
            : NvmlKinds.MaximumLinks;
        var links = new List<LinkState>();
        for (uint link = 0; link < most; link++)
        {
            NvmlReturn code = device.Library.Number(NvmlNumberOf.NvLinkState, device.Handle, link, out uint state);
            if (code != NvmlReturn.Success && !count.HasValue)
            {
                if (link == 0)
                {
                    return device.Unavailable<IReadOnlyList<LinkState>>(code, "nvmlDeviceGetNvLinkState");
                }

                break;
            }

            Reading<bool> isActive = device.Read(code, "nvmlDeviceGetNvLinkState", state != 0);
            links.Add(new LinkState((int)link, isActive, LinkSpeed(device, link, isActive)));
        }

        return Reading.Of<IReadOnlyList<LinkState>>(links);
    }

    private static Reading<double> LinkSpeed(NvmlDevice device, uint link, Reading<bool> isActive)
    {
        if (isActive.TryGet(out bool active) && !active)
        {
            return Reading.Unavailable<double>(NvmlReasons.LinkIsDown, "The link is down and has no speed.");
        }

        Reading<double> speed = Field(device, NvmlField.LinkSpeed, link);
        if (!speed.HasValue && link < LinksOfFields)
        {
            uint older =
                link < LinksOfFirstFields
                    ? (uint)NvmlField.FirstLinkSpeed + link
                    : (uint)NvmlField.SeventhLinkSpeed + link - LinksOfFirstFields;
            Reading<double> other = Field(device, (NvmlField)older, link);
            speed = other.HasValue ? other : speed;
        }

        return !speed.TryGet(out double megabytes) ? speed
            : megabytes > 0 ? Reading.Of(megabytes * BytesPerMegabyte)
            : Reading.Unavailable<double>(
                NvmlReasons.ImplausibleZero,
                NvmlReasons.ZeroSentence($"the speed of link {link}")
            );
    }

    private static Reading<double> Field(NvmlDevice device, NvmlField field, uint scope = 0)
    {
        string asked = $"nvmlDeviceGetFieldValues {(uint)field}";
        NvmlFieldValue[] values = [NvmlFieldValue.Ask(field, scope)];
        NvmlReturn code = device.Library.FieldValues(device.Handle, values);
        code = code == NvmlReturn.Success ? values[0].Return : code;
        if (code != NvmlReturn.Success)
        {
            return device.Unavailable<double>(code, asked);
        }

        return values[0].Value.ToDouble(values[0].Type) is double value
            ? Reading.Of(value)
            : Reading.Unavailable<double>(
                NvmlReasons.ValueNotAvailable,
                $"NVML answered {asked} with a value of an unknown type: a newer version of this program would help."
            );
    }
}
