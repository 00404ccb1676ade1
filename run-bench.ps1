# Runs the benchmark with whatever arguments are given; with none it measures the best device found, quickly.
$project = Join-Path $PSScriptRoot 'src/GpuDecodeBench.Cli'
dotnet run -c Release --project $project -- @args
exit $LASTEXITCODE
