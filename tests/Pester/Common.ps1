# Every file of this suite begins by dot-sourcing this one in its BeforeAll: it imports the module as it is laid out for installing.
#
# Without the module there is nothing to test: `dotnet publish src/Homelab.PowerShell` lays it out. HOMELAB_MODULE names another folder to test.

function Find-LaidOutModule {
    # The folder of the module that is tested.
    $found = if ($env:HOMELAB_MODULE) {
        Get-Item "$env:HOMELAB_MODULE/Homelab.PowerShell.psd1" -ErrorAction Ignore
    } else {
        Get-Item "$PSScriptRoot/../../artifacts/module/Homelab.PowerShell/*/Homelab.PowerShell.psd1" -ErrorAction Ignore
    }
    if (@($found).Count -ne 1) {
        $where = if ($env:HOMELAB_MODULE) { "$env:HOMELAB_MODULE (HOMELAB_MODULE)" } else { 'artifacts/module' }
        throw "There must be one module in $where, and there are $(@($found).Count). Lay it out: dotnet publish src/Homelab.PowerShell"
    }
    $found.Directory.FullName
}

$script:moduleFolder = Find-LaidOutModule
Import-Module "$moduleFolder/Homelab.PowerShell.psd1"
