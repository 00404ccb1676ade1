namespace GpuDecodeBench.Records.Tests;

public sealed class RunRecordWriteTests : IDisposable
{
    private const int DiskFull = 28;

    private readonly TemporaryDirectory _directory = new();

    private string Target => _directory.File("run.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void AWriteReplacesWhatStoodThereAndLeavesNothingElse()
    {
        File.WriteAllText(Target, "old");
        RunRecordStore.Write(SampleRecords.Full(), Target);
        Assert.Equal(SampleRecords.Bytes(), File.ReadAllBytes(Target));
        Assert.Equal(["run.json"], _directory.Entries());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(8000)]
    public void ADiskThatFillsLeavesTheOldFileAsItWas(int room)
    {
        string message = FailedWrite(path => new FullDisk(
            File.Create(path),
            room,
            () => new IOException("full", DiskFull)
        ));
        Assert.Equal($"Cannot write {Target}: the disk is full.", message);
    }

    [Fact]
    public void ADiskThatFillsOnlyWhenFlushedLeavesTheOldFileAsItWas()
    {
        string message = FailedWrite(path => new FullDisk(
            File.Create(path),
            null,
            () => new IOException("full", DiskFull)
        ));
        Assert.Equal($"Cannot write {Target}: the disk is full.", message);
    }

    [Fact]
    public void TheKernelsOwnDiskFullErrorIsUnderstood()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string message = FailedWrite(path =>
        {
            File.WriteAllText(path, "");
            return new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
        });
        Assert.Equal($"Cannot write {Target}: the disk is full.", message);
    }

    [Fact]
    public void AnyOtherFailureIsToldInItsOwnWords() =>
        Assert.Equal(
            $"Cannot write {Target}: the cable fell out.",
            FailedWrite(path => new FullDisk(File.Create(path), 10, () => new IOException("the cable fell out.")))
        );

    [Fact]
    public void MissingPermissionIsToldAsSuch() =>
        Assert.Equal(
            $"Cannot write {Target}: permission is denied.",
            FailedWrite(_ => throw new UnauthorizedAccessException("no"))
        );

    [Fact]
    public void AFailedRenameLeavesNoTemporaryFile()
    {
        string message = Assert
            .Throws<RecordWriteException>(() =>
                RunRecordStore.Write(
                    SampleRecords.Full(),
                    Target,
                    path =>
                    {
                        Directory.CreateDirectory(Target);
                        return File.Create(path);
                    }
                )
            )
            .Message;
        Assert.StartsWith($"Cannot write {Target}: ", message, StringComparison.Ordinal);
        Assert.Equal(["run.json"], _directory.Entries());
    }

    [Fact]
    public void AnUnforeseenFailureRemovesTheTemporaryFileToo()
    {
        File.WriteAllText(Target, "old");
        Assert.Throws<InvalidTimeZoneException>(() =>
            RunRecordStore.Write(
                SampleRecords.Full(),
                Target,
                path => new FullDisk(File.Create(path), 10, () => new InvalidTimeZoneException())
            )
        );
        AssertOldFileAlone();
    }

    [Fact]
    public void ADirectoryAtThePathIsNamed()
    {
        Directory.CreateDirectory(Target);
        Assert.Equal($"Cannot write {Target}: it is a directory.", Failure(SampleRecords.Full(), Target));
    }

    [Fact]
    public void AMissingDirectoryIsNamed()
    {
        string path = _directory.File("no/run.json");
        Assert.Equal(
            $"Cannot write {path}: the directory {_directory.File("no")} does not exist.",
            Failure(SampleRecords.Full(), path)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void APathThatIsNoneIsRefused(string path) =>
        Assert.StartsWith($"Cannot write {path}: ", Failure(SampleRecords.Full(), path), StringComparison.Ordinal);

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(-1, "-1")]
    public void ARecordThatCouldNotBeReadAgainIsNeverWritten(double value, string shown)
    {
        PointRecord point = SampleRecords.Point();
        RunRecord broken = SampleRecords.Full() with
        {
            Points = [point with { StepSeconds = point.StepSeconds with { Mean = value } }],
        };
        File.WriteAllText(Target, "old");
        string message = Failure(broken, Target);
        Assert.Contains("points[0].stepSeconds.mean", message, StringComparison.Ordinal);
        Assert.Contains(shown, message, StringComparison.Ordinal);
        AssertOldFileAlone();
    }

    [Fact]
    public void ANullWhereOneIsNotAllowedIsNeverWritten() =>
        Assert.Contains("command is missing", Failure(SampleRecords.Full() with { Command = null! }, Target));

    private string FailedWrite(Func<string, Stream> createTemporary)
    {
        File.WriteAllText(Target, "old");
        var exception = Assert.Throws<RecordWriteException>(() =>
            RunRecordStore.Write(SampleRecords.Full(), Target, createTemporary)
        );
        AssertOldFileAlone();
        return exception.Message;
    }

    private static string Failure(RunRecord record, string path) =>
        Assert.Throws<RecordWriteException>(() => RunRecordStore.Write(record, path)).Message;

    private void AssertOldFileAlone()
    {
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["run.json"], _directory.Entries());
    }

    /// <summary>A file on a disk with room for so many bytes; with no number, for all until they are flushed.</summary>
    private sealed class FullDisk(FileStream file, int? room, Func<Exception> failure) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            int fits = Math.Min(count, (room ?? int.MaxValue) - (int)file.Length);
            file.Write(buffer, offset, fits);
            file.Flush();
            if (fits < count)
            {
                throw failure();
            }
        }

        public override void Flush() => throw failure();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}
