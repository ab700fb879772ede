;; Shapes.
(define-module (app shapes) #:use-module (srfi srfi-1) #:export (area))
 ;; <- reference.identifier
;;             ^ definition.module
;;             ^ doc Shapes.
;;              ^ reference.call
;;                                       ^ import
;;                                        ^ reference.call
;;                                             ^ reference.identifier
;;                                                               ^ export
;;                                                               ^ reference.call
(import (scheme base) (only (app util) helper))
;;      ^ import
;;       ^ reference.call
;;                          ^ import helper
;;                           ^ reference.call
(use-modules (ice-9 match))
 ;; <- reference.identifier
;;           ^ import
;;            ^ reference.call
(load "other.scm")
 ;; <- reference.call
;;     ^ import
(define limit 10)
;;      ^ definition.variable
(define (area shape) (let ((w (width shape))) (* w (helper w))))
;;       ^ definition.function
;;                          ^ reference.call area
;;                             ^ reference.call area
;;                                             ^ reference.call area
;;                                                  ^ reference.call area
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
 ;; <- reference.identifier point
;;                  ^ definition.struct
;;                         ^ definition.constructor point
;;                                         ^ definition.function point
;;                                                 ^ definition.field point
;;                                                   ^ definition.function point.x
;;                                                             ^ definition.field point
;;                                                               ^ definition.function point.y
(define-syntax swap (syntax-rules () ((_ a b) (list b a))))
 ;; <- reference.identifier swap
;;             ^ definition.macro
;;                   ^ reference.identifier swap
;;                                     ^ reference.call swap
;;                                             ^ reference.call swap
(define-library (app lib) (export x) (import (scheme write)) (begin (define x 1)))
 ;; <- reference.identifier
;;              ^ definition.module
;;               ^ reference.call
;;                                ^ export
;;                                           ^ import
;;                                            ^ reference.call
;;                                                                          ^ definition.variable
(map area '(1 2))
 ;; <- reference.call
