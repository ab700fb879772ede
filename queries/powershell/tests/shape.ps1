using module ./Base.psm1
# <- reference.call
#            ^ import
using namespace System.IO
# <- reference.call
#               ^ import
Import-Module Az.Accounts
# <- reference.call
#             ^ import
. ./helpers.ps1
# ^ import
# ^ reference.call

$Script:Limit = 10
# <- definition.variable
$counter = 0
# <- definition.variable

enum Color { Red; Green = 2 }
#    ^ definition.enumeration
#            ^ definition.variant Color
#                 ^ definition.variant Color
class Shape : Base {
#     ^ definition.class
#             ^ reference.class Shape
    [int]$Width
#    ^ reference.type Shape.$Width
#        ^ definition.property Shape
    static [string]$Name = "x"
#           ^ reference.type Shape.$Name
#                  ^ definition.property Shape
    Shape([int]$width) { $this.Width = $width }
#   ^ definition.constructor Shape
#          ^ reference.type Shape.Shape
#                              ^ reference.identifier Shape.Shape
    [int] Area() { return Get-Helper $this.Width }
#    ^ reference.type Shape.Area
#         ^ definition.method Shape
#                         ^ reference.call Shape.Area
#                                          ^ reference.identifier Shape.Area
}
<#
.SYNOPSIS
Gets it.
#>
function Get-Shape {
#        ^ definition.function
#        ^ doc Gets it.
    param([Parameter(Mandatory)][string]$Name)
#                                ^ reference.type Get-Shape
#                                       ^ reference.identifier Get-Shape
    $local = [Shape]::new(2)
#             ^ reference.type Get-Shape
#                     ^ reference.call Get-Shape
    $local.Area() | Where-Object { $_ -gt 1 }
#          ^ reference.call Get-Shape
#                   ^ reference.call Get-Shape
    Write-Output $Name
#   ^ reference.call Get-Shape
#                ^ reference.identifier Get-Shape
}
filter Skip-Empty { if ($_) { $_ } }
#      ^ definition.function
workflow Run-All { Get-Shape -Name "a" }
#        ^ definition.function
#                  ^ reference.call Run-All
Export-ModuleMember -Function Get-Shape
# <- reference.call
#                             ^ export
