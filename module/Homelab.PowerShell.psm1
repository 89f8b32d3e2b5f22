# What the module brings along lives in an AssemblyLoadContext of its own, apart from other modules' versions of the same libraries.
$loaded = 'Homelab.PowerShell.Loader.ModuleLoadContext' -as [type]
if (-not $loaded) { $null = [System.Reflection.Assembly]::LoadFrom("$PSScriptRoot/bin/Homelab.PowerShell.Loader.dll") }
$cmdlets = Import-Module -Assembly ([Homelab.PowerShell.Loader.ModuleLoadContext]::Initialize()) -PassThru
if ($loaded) {
    # PowerShell issue 20710: an assembly that was imported before does not export its cmdlets again.
    $add = [psmoduleinfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
    foreach ($cmdlet in $cmdlets.ExportedCmdlets.Values) { $add.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet)) }
}
